import type { Clock } from '../clock.ts'

/** What new things and writes are made of. */
export interface Context {
  clock: Clock
  random: () => number
}

/** A UUID of version 7 (RFC 9562 §5.7): the time, then chance. */
export function newId({ clock, random }: Context): string {
  const time = Math.floor(clock.now()).toString(16).padStart(12, '0').slice(-12)
  const chance = Array.from({ length: 18 }, () => Math.floor(random() * 16).toString(16)).join('')
  const variant = (8 + Math.floor(random() * 4)).toString(16)
  const [a, b] = [chance.slice(0, 3), chance.slice(3, 6)]
  return `${time.slice(0, 8)}-${time.slice(8)}-7${a}-${variant}${b}-${chance.slice(6)}`
}

/** The time as RFC 3339 has it, for what is shown until the server tells its own. */
export const now = ({ clock }: Context): string => new Date(clock.now()).toISOString()

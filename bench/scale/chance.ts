/** A pseudo-random number from 0 to 1, always the same for the same number and purpose. */
export function chance(i: number, purpose: number): number {
  let x = Math.imul(i + 1, 0x9e3779b1) ^ Math.imul(purpose, 0x85ebca6b)
  x = Math.imul(x ^ (x >>> 16), 0x21f0aaad)
  x = Math.imul(x ^ (x >>> 15), 0x735a2d97)
  return ((x ^ (x >>> 15)) >>> 0) / 2 ** 32
}

/** One of several, by chance. */
export const pick = (from: string[], i: number, purpose: number): string =>
  from[Math.floor(chance(i, purpose) * from.length)] ?? ''

/** A UUIDv7 of this instant in epoch milliseconds, always the same for the same number. */
export function uuid(ms: number, i: number): string {
  const time = ms.toString(16).padStart(12, '0')
  const hash = Math.floor(chance(i, 14) * 0x1000)
  const tail = [hash, i % 0x1000].map((part) => part.toString(16).padStart(3, '0'))
  return `${time.slice(0, 8)}-${time.slice(8)}-7${tail[0]}-8${tail[1]}-${i.toString(16).padStart(12, '0')}`
}

/** Ids that do not depend on the day of the run, so that a second run finds the owners of the first. */
export const fixedId = (i: number): string => uuid(1_700_000_000_000, i)

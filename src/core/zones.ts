import { isTimeZone } from './dates.ts'

/** Returns the zone in which an owner's days are counted, given the one in their profile. */
export type ZoneOf = (timeZone: string) => string

const zonesRemembered = 1000

/** The zone, or UTC where this server does not know it any more. */
export const usableZone = (timeZone: string): string => (isTimeZone(timeZone) ? timeZone : 'UTC')

/**
 * A zone can be missing here although it was accepted once: updates of the time zone data remove names. Its owners'
 * days are then those of UTC, and `warn` is called for the zone. Answers are remembered, since to look a zone up
 * takes 3 µs.
 */
export function createZones(warn: (timeZone: string) => void): ZoneOf {
  const usable = new Map<string, string>()
  return (timeZone) => {
    const known = usable.get(timeZone)
    if (known !== undefined) return known
    const zone = usableZone(timeZone)
    if (zone !== timeZone) warn(timeZone)
    if (usable.size >= zonesRemembered) usable.delete(usable.keys().next().value ?? '')
    usable.set(timeZone, zone)
    return zone
  }
}

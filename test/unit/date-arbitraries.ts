import fc from 'fast-check'

export const lastMs = Date.UTC(9999, 11, 31, 23, 59, 59, 999)

/** Instants in epoch ms. Half of them fall before 2040, the years in which the rules of time zones vary. */
export const instants = fc.oneof(
  fc.integer({ min: 0, max: lastMs }),
  fc.integer({ min: 0, max: Date.UTC(2040) }),
)
export const dates = instants.map((ms) => new Date(ms).toISOString().slice(0, 10))
export const twoDigits = (max: number) => fc.integer({ min: 0, max }).map((n) => String(n).padStart(2, '0'))

/** The epoch ms of an ISO instant, by Temporal. */
export function utc(text: string): number {
  return Temporal.Instant.from(text).epochMilliseconds
}

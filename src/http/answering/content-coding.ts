/** The content codings that we compress with (RFC 9110 §8.4.1), the one with the smaller result first. */
const codings = ['br', 'gzip'] as const
export type Coding = (typeof codings)[number]

const member = /^\s*([\w!#$%&'*+.^`|~-]+)\s*(?:;\s*q=(0(?:\.\d{0,3})?|1(?:\.0{0,3})?)\s*)?$/i

/**
 * The coding to use for an Accept-Encoding field (RFC 9110 §12.5.3); undefined to send the content as it is. Without
 * the field every coding is allowed, but such clients (curl, for one) do not decode, so none is used.
 */
export function preferredCoding(accepted: string | undefined): Coding | undefined {
  const weights = readWeights(accepted ?? '')
  const weightOf = (coding: string) => weights.get(coding) ?? weights.get('*') ?? 0
  const [best] = codings
    .filter((coding) => weightOf(coding) > 0 && weightOf(coding) >= (weights.get('identity') ?? 0))
    .toSorted((a, b) => weightOf(b) - weightOf(a))
  return best
}

/** The weight of each coding. A malformed member is ignored. */
function readWeights(field: string): Map<string, number> {
  const weights = new Map<string, number>()
  for (const part of field.split(',')) {
    const [, name, weight = '1'] = member.exec(part) ?? []
    if (name !== undefined) weights.set(name.toLowerCase(), Number(weight))
  }
  return weights
}

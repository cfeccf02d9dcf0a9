/** The content codings that answers are sent in, the smallest first (RFC 9110 §8.4.1). */
const codings = ['br', 'gzip'] as const
export type Coding = (typeof codings)[number]

const member = /^\s*([\w!#$%&'*+.^`|~-]+)\s*(?:;\s*q=(0(?:\.\d{0,3})?|1(?:\.0{0,3})?)\s*)?$/i

/**
 * The coding that an Accept-Encoding field prefers (RFC 9110 §12.5.3); undefined for none at all. A client that
 * sends no such field gets none, though it takes any: most of these, such as curl, would not decode it.
 */
export function preferredCoding(accepted: string | undefined): Coding | undefined {
  const weights = readWeights(accepted ?? '')
  const weightOf = (coding: string) => weights.get(coding) ?? weights.get('*') ?? 0
  const [best] = codings
    .filter((coding) => weightOf(coding) > 0 && weightOf(coding) >= (weights.get('identity') ?? 0))
    .toSorted((a, b) => weightOf(b) - weightOf(a))
  return best
}

/** Each coding with its weight; what is not well-formed counts as not sent. */
function readWeights(field: string): Map<string, number> {
  const weights = new Map<string, number>()
  for (const part of field.split(',')) {
    const [, name, weight = '1'] = member.exec(part) ?? []
    if (name !== undefined) weights.set(name.toLowerCase(), Number(weight))
  }
  return weights
}

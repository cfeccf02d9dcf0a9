import { hash, timingSafeEqual } from 'node:crypto'

/** SHA-256 of text (as UTF-8) or bytes. */
export const sha256 = (data: string | Uint8Array, encoding: 'base64' | 'base64url' = 'base64url'): string =>
  hash('sha256', data, encoding)

/** The weak entity tag of a list (RFC 9110 §8.8.1) that follows from its owner's revision and all that is said of it. */
export const listTag = (revision: number, content: string): string =>
  `W/"${revision}-${sha256(content).slice(0, 16)}"`

/** Compares in a time that tells at most the lengths: two texts whose length is secret are hashed first. */
export function isSameText(expected: string, given: string): boolean {
  const [a, b] = [Buffer.from(expected), Buffer.from(given)]
  return a.length === b.length && timingSafeEqual(a, b)
}

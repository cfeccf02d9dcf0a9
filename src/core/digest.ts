import { hash, timingSafeEqual } from 'node:crypto'

/** SHA-256 of text (as UTF-8) or bytes. */
export const sha256 = (data: string | Uint8Array, encoding: 'base64' | 'base64url' = 'base64url'): string =>
  hash('sha256', data, encoding)

/** Compares in a time that tells at most the lengths: two texts whose length is secret are hashed first. */
export function isSameText(expected: string, given: string): boolean {
  const [a, b] = [Buffer.from(expected), Buffer.from(given)]
  return a.length === b.length && timingSafeEqual(a, b)
}

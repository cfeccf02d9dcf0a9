import { randomUUIDv7 } from 'node:crypto'

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/

let last = ''

/**
 * Returns a new UUIDv7 in lower case that sorts after all that this process made before, also within a millisecond
 * or when the clock is set back: the random part then counts up (RFC 9562 §6.2, method 2).
 */
export function newId(): string {
  const id = randomUUIDv7()
  last = id > last ? id : successorOf(last)
  return last
}

/** The 62 random bits at the end leave room to count. */
function successorOf(id: string): string {
  const next = (BigInt(`0x${id.replaceAll('-', '')}`) + 1n).toString(16).padStart(32, '0')
  return next.replace(/(.{8})(.{4})(.{4})(.{4})(.{12})/, '$1-$2-$3-$4-$5')
}

/** Whether the text is a UUID of any version, in lower case. */
export const isId = (text: string): boolean => uuid.test(text)

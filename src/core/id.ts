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

/** The id after this one. Counts in the last 48 bits, which is quick, and carries into the 14 random bits before them. */
export function successorOf(id: string): string {
  const count = Number.parseInt(id.slice(24), 16) + 1
  if (count < 2 ** 48) return id.slice(0, 24) + count.toString(16).padStart(12, '0')
  const carried = Number.parseInt(id.slice(19, 23), 16) + 1
  return `${id.slice(0, 19)}${carried.toString(16)}-000000000000`
}

/** Whether the text is a UUID of any version, in lower case. */
export const isId = (text: string): boolean => uuid.test(text)

import { randomUUIDv7 } from 'node:crypto'

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/

/** Returns a new UUIDv7 (RFC 9562 §5.7) in lower case; later ids sort later. */
export const newId = (): string => randomUUIDv7()

/** Whether the text is a UUID of any version, in lower case. */
export const isId = (text: string): boolean => uuid.test(text)

import type { Asked } from './transport.ts'

/** What every call takes. */
export interface CallOptions {
  signal?: AbortSignal | undefined
}

/** What every write takes. */
export interface WriteOptions extends CallOptions {
  /**
   * Names this write for 24 hours: once it is done, a repetition changes nothing and gets the same answer. If it is
   * left out, each call makes its own.
   */
  idempotencyKey?: string | undefined
}

/** A thing by its id alone, or as you hold it: a write then happens only if it has not changed since (412). */
export type Held = string | { id: string; revision?: number }

/** The address of a thing, or of what is below it. */
export const addressOf = (path: string, thing: Held, more = ''): string =>
  `${path}/${encodeURIComponent(typeof thing === 'string' ? thing : thing.id)}${more}`

/** A write that may be repeated, since its key tells the server that it is the same one. */
export const writeOf = (
  method: string,
  path: string,
  body?: object,
  { idempotencyKey = newKey(), signal }: WriteOptions = {},
  headers: Record<string, string> = {},
): Asked => ({
  method,
  path,
  ...(body && { body }),
  headers: { 'idempotency-key': idempotencyKey, ...headers },
  signal,
  isRepeatable: true,
})

/** The condition that the thing is still as one holds it. */
export const unchanged = (thing: Held): Record<string, string> =>
  typeof thing === 'string' || thing.revision === undefined ? {} : { 'if-match': `"${thing.revision}"` }

/** The revision that a write took; undefined if it changed nothing. */
export function revisionOf(headers: Pick<Headers, 'get'>): number | undefined {
  const revision = headers.get('docket-revision')
  return revision === null ? undefined : Number(revision)
}

/** `crypto.randomUUID` would do, but browsers have it only over TLS. */
const newKey = (): string =>
  Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join(
    '',
  )

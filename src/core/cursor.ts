import { AppError } from './errors.ts'
import { mac, verifyMac, type Keyring } from './keyring.ts'

const macBytes = 16
const form = /^([\w-]{1,8192})\.([\w-]{22})$/

/** A position in a list: the values of the last item's sort keys, ending with its id. */
export type Position = (string | number | null)[]

/**
 * Encodes a position as an opaque cursor, bound to its scope: the user, the filters and the sort.
 * The same position always gives the same text, so that a list's entity tag can include it.
 */
export function sealCursor(keyring: Keyring, scope: string, position: Position): string {
  const payload = Buffer.from(JSON.stringify(position)).toString('base64url')
  return `${payload}.${mac(keyring.signing.for('cursor'), bind(scope, payload), macBytes)}`
}

/** Decodes a cursor. Throws `invalid-cursor` unless this server issued it for this scope. */
export function openCursor(keyring: Keyring, scope: string, cursor: string): Position {
  const [, payload, given] = form.exec(cursor) ?? []
  if (payload === undefined || given === undefined) throw foreignCursor()
  if (!verifyMac(keyring, 'cursor', bind(scope, payload), given, macBytes)) throw foreignCursor()
  const position: unknown = JSON.parse(Buffer.from(payload, 'base64url').toString())
  return Array.isArray(position) ? position.filter(isValue) : []
}

const isValue = (value: unknown): value is Position[number] =>
  value === null || typeof value === 'string' || typeof value === 'number'

const bind = (scope: string, payload: string) => JSON.stringify([scope, payload])

function foreignCursor(): AppError {
  const detail = 'must be a nextCursor that this server gave you for this query; start again without it'
  return new AppError('invalid-cursor', `cursor ${detail}.`, { faults: [{ parameter: 'cursor', detail }] })
}

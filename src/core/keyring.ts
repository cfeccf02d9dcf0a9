import { createHmac, hkdfSync } from 'node:crypto'
import { isSameText } from './digest.ts'

/** What a key is for; a separate key is derived for each purpose (RFC 5869). */
export type Purpose = 'access-token' | 'refresh-token' | 'cursor' | 'throttle'

/** The keys derived from one secret: a public id (`kid`) and a 32-byte key for each purpose. */
export interface Key {
  id: string
  for(purpose: Purpose): Buffer
}

/** The keys of all the server's secrets: the first one signs, all verify. */
export interface Keyring {
  signing: Key
  all: readonly Key[]
}

/** Derives the keys; the first secret is the one that signs. */
export function createKeyring(secrets: readonly [string, ...string[]]): Keyring {
  const [first, ...rest] = secrets
  const signing = createKey(first)
  return { signing, all: [signing, ...rest.map(createKey)] }
}

/** Returns the HMAC-SHA-256 of the text in base64url, truncated to `bytes`. */
export function mac(key: Buffer, text: string, bytes = 32): string {
  return createHmac('sha256', key).update(text).digest().subarray(0, bytes).toString('base64url')
}

/** Whether the MAC was made with any of the server's secrets. Each comparison takes constant time. */
export function verifyMac(
  keyring: Keyring,
  purpose: Purpose,
  text: string,
  given: string,
  bytes = 32,
): boolean {
  return keyring.all.some((key) => isSameText(mac(key.for(purpose), text, bytes), given))
}

function createKey(secret: string): Key {
  const derive = (purpose: string) => Buffer.from(hkdfSync('sha256', secret, '', `docket ${purpose}`, 32))
  const keys = new Map<Purpose, Buffer>()
  return {
    id: derive('key id').toString('hex', 0, 8),
    for(purpose) {
      const known = keys.get(purpose) ?? derive(purpose)
      keys.set(purpose, known)
      return known
    },
  }
}

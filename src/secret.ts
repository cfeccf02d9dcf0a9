import { randomBytes } from 'node:crypto'
import { readFileSync, renameSync, writeFileSync } from 'node:fs'
import { OperatorError } from './core/errors.ts'

const secretBytes = 32

/**
 * The secrets in the file, the signing one first; makes the file (mode 0600) with a new one on first
 * start. They are kept out of the database, so that a copy of the database alone forges nothing.
 */
export function readSecretFile(path: string): readonly [string, ...string[]] {
  const text = existing(path) ?? create(path)
  const [first, ...rest] = text.split(',').map((secret) => secret.trim())
  if (!first || [first, ...rest].some((secret) => Buffer.byteLength(secret) < secretBytes)) {
    throw new OperatorError(`${path} must hold secrets of ${secretBytes} bytes or more, separated by commas.`)
  }
  return [first, ...rest]
}

function existing(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined
    throw error
  }
}

/** Under another name until it is whole, so that neither a crash nor a full disk leaves half a secret. */
function create(path: string): string {
  const secret = randomBytes(secretBytes).toString('base64url')
  const partial = `${path}.partial`
  writeFileSync(partial, `${secret}\n`, { mode: 0o600, flush: true })
  renameSync(partial, path)
  return secret
}

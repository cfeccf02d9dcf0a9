import { randomBytes } from 'node:crypto'
import { readFileSync, renameSync, writeFileSync } from 'node:fs'
import { OperatorError } from './core/errors.ts'

const secretBytes = 32

/**
 * Returns the secrets in the file, the one that signs first. If there is no file, creates it (mode 0600) with a new
 * secret. Secrets are not in the database, so that nobody can forge tokens with a copy of it.
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

/** Writes to another name first, so that neither a crash nor a full disk leaves half a secret. */
function create(path: string): string {
  const secret = randomBytes(secretBytes).toString('base64url')
  const partial = `${path}.partial`
  writeFileSync(partial, `${secret}\n`, { mode: 0o600, flush: true })
  renameSync(partial, path)
  return secret
}

import { readFileSync } from 'node:fs'

const about: unknown = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'))

/** The version of Docket, as its package says. */
export const version =
  typeof about === 'object' && about !== null && 'version' in about ? String(about.version) : 'unknown'

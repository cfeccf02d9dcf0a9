import { readFileSync } from 'node:fs'
import { isIP } from 'node:net'

/** The server's configuration; read once from the environment, never changed. */
export interface Config {
  host: string
  port: number
  databaseUrl: string
  /** Undefined if the secret is in a file beside the database. */
  secrets: readonly [string, ...string[]] | undefined
  registration: Registration
  corsOrigins: string[]
  trustProxy: string[]
  logLevel: string
  metricsToken: string | undefined
  /** For each user, and for each address of requests without a user. */
  requestsPerMinute: number | 'off'
  /** How many tasks outside the trash a user may have. */
  tasksPerUser: number | 'off'
  trashDays: number
  historyDays: number
  /** How long a server that stops goes on listening, so that proxies see `/readyz` first. */
  drainMs: number
  shutdownTimeoutMs: number
}

/** Who may register: everybody, nobody, or who has an invitation. */
export type Registration = 'open' | 'closed' | 'invite'

/** Thrown if environment variables are invalid; it has one sentence for each. */
export class ConfigError extends Error {
  readonly sentences: string[]

  constructor(sentences: string[]) {
    super(sentences.join('\n'))
    this.sentences = sentences
  }
}

type Environment = Record<string, string | undefined>

const logLevels = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']
const shortestSecretBytes = 32
const highestNumber = 999_999_999
const defaultUrl = 'sqlite:data/docket.db'
const databaseUrlWords =
  'must be sqlite:PATH or postgres://USER:PASSWORD@HOST:PORT/DATABASE, with special characters percent-encoded'

/** Reads the environment. An empty variable counts as unset. Throws ConfigError with every fault at once. */
export const readConfig = (environment: Environment = process.env): Readonly<Config> =>
  readEnvironment(environment, true)

/** The same for a command other than `serve`, none of which needs the secret. */
export const readCommandConfig = (environment: Environment = process.env): Readonly<Config> =>
  readEnvironment(environment, false)

function readEnvironment(environment: Environment, needsSecret: boolean): Readonly<Config> {
  const faults: string[] = []
  const read = <T>(name: string, fallback: T, parse: (text: string) => T | undefined, words: string): T => {
    const text = environment[name]?.trim()
    if (!text) return fallback
    const value = parse(text)
    if (value === undefined) faults.push(`${name} ${words}${tellValue(text)}.`)
    return value ?? fallback
  }
  const withFile = (name: string) => valueOrFile(environment, name, faults)
  const secret = needsSecret ? withFile('DOCKET_SECRET') : environment['DOCKET_SECRET']?.trim()
  const secrets = secret ? readSecrets(secret, faults) : undefined
  const url = withFile('DATABASE_URL')

  const config: Config = {
    host: read(
      'HOST',
      '127.0.0.1',
      (text) => (/\s/.test(text) ? undefined : text),
      'must be an address or a host name',
    ),
    port: read('PORT', 3000, integer(0, 65_535), 'must be a port from 0 to 65535'),
    databaseUrl: url ? readDatabaseUrl(url, faults) : defaultUrl,
    secrets,
    registration: read<Registration>(
      'REGISTRATION',
      'open',
      oneOf('open', 'closed', 'invite'),
      'must be open, closed or invite',
    ),
    corsOrigins: read(
      'CORS_ORIGINS',
      [],
      list(isOrigin),
      'must be origins such as https://app.example.com, separated by commas',
    ),
    trustProxy: read(
      'TRUST_PROXY',
      [],
      list(isNetwork),
      'must be addresses or networks such as 127.0.0.1 or 10.0.0.0/8, separated by commas',
    ),
    logLevel: read('LOG_LEVEL', 'info', oneOf(...logLevels), `must be one of ${logLevels.join(', ')}`),
    metricsToken: environment['METRICS_TOKEN']?.trim() || undefined,
    requestsPerMinute: read<number | 'off'>(
      'RATE_LIMIT',
      3000,
      numberOrOff,
      `must be a number of requests a minute from 1 to ${highestNumber}, or off`,
    ),
    tasksPerUser: read<number | 'off'>(
      'QUOTA_TASKS',
      100_000,
      numberOrOff,
      `must be a number of tasks from 1 to ${highestNumber}, or off`,
    ),
    trashDays: read('TRASH_DAYS', 30, integer(1, 36_500), 'must be a number of days from 1 to 36500'),
    historyDays: read('HISTORY_DAYS', 90, integer(1, 36_500), 'must be a number of days from 1 to 36500'),
    drainMs: read('DRAIN_SECONDS', 0, integer(0, 3600), 'must be a number of seconds from 0 to 3600') * 1000,
    shutdownTimeoutMs:
      read('SHUTDOWN_TIMEOUT', 10, integer(1, 3600), 'must be a number of seconds from 1 to 3600') * 1000,
  }
  const isSecretNamed = Boolean(environment['DOCKET_SECRET_FILE']?.trim())
  if (needsSecret && !secrets && !isSecretNamed && !config.databaseUrl.startsWith('sqlite:')) {
    faults.push(
      'DOCKET_SECRET must be set with a PostgreSQL database, to the same 32 bytes or more on every node.',
    )
  }
  if (faults.length > 0) throw new ConfigError(faults)
  return Object.freeze(config)
}

/** The value of a variable, or what is in the file that `<name>_FILE` names, without the space around it. */
function valueOrFile(environment: Environment, name: string, faults: string[]): string | undefined {
  const text = environment[name]?.trim()
  const path = environment[`${name}_FILE`]?.trim()
  if (!path) return text
  if (text) {
    faults.push(`${name} and ${name}_FILE must not both be set.`)
    return undefined
  }
  try {
    const held = readFileSync(path, 'utf8').trim()
    if (held === '') faults.push(`${name}_FILE must name a file that is not empty; ${path} is.`)
    return held
  } catch (error) {
    const reason = error instanceof Error && 'code' in error ? String(error.code) : 'unknown'
    faults.push(`${name}_FILE must name a file that can be read; ${path} cannot (${reason}).`)
    return undefined
  }
}

function readDatabaseUrl(text: string, faults: string[]): string {
  if (databaseUrl.test(text)) return text
  faults.push(`DATABASE_URL ${databaseUrlWords}${tellScheme(text)}.`)
  return defaultUrl
}

function readSecrets(text: string, faults: string[]): Config['secrets'] {
  const [first, ...rest] = text.split(',').map((secret) => secret.trim())
  const secrets = [first ?? '', ...rest] as const
  if (secrets.some((secret) => Buffer.byteLength(secret) < shortestSecretBytes)) {
    faults.push('DOCKET_SECRET must be 32 bytes or longer, or several such secrets separated by commas.')
  }
  return [...secrets]
}

const integer = (least: number, most: number) => (text: string) => {
  const value = /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN
  return value >= least && value <= most ? value : undefined
}

const numberOrOff = (text: string) => (text === 'off' ? text : integer(1, highestNumber)(text))

const oneOf =
  <Text extends string>(...allowed: Text[]) =>
  (text: string) =>
    allowed.find((one) => one === text)

const list = (isAllowed: (part: string) => boolean) => (text: string) => {
  const parts = text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '')
  return parts.every(isAllowed) ? parts : undefined
}

/**
 * An @ after the host, or a #, means that a password with one of /?# is not encoded: messages would tell a part of it as
 * the host or the database.
 */
const databaseUrl = /^(sqlite:.|postgres(ql)?:\/\/(?=.)[^/?#]*(\/[^@?#]*)?(\?[^@#]*)?$)/

/** The message goes to the terminal or a log, where no password may appear, wherever it stands in a broken URL. */
const tellValue = (text: string) => `; it is ${JSON.stringify(text.replace(/.*@/s, '***@').slice(0, 100))}`

function tellScheme(text: string): string {
  const [scheme] = /^(sqlite|postgres(ql)?):\/*/i.exec(text) ?? []
  return scheme === undefined ? '' : `; it begins with ${JSON.stringify(scheme)}`
}

const isOrigin = (text: string) =>
  URL.canParse(text) && /^https?:$/.test(new URL(text).protocol) && new URL(text).origin === text

function isNetwork(text: string): boolean {
  const [address = '', prefix, ...rest] = text.split('/')
  const family = isIP(address)
  if (family === 0 || rest.length > 0) return false
  return prefix === undefined || integer(1, family === 4 ? 32 : 128)(prefix) !== undefined
}

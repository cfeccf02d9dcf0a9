import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ConfigError, readConfig, type Config } from '../../src/config.ts'

const secret = 's'.repeat(32)
const other = 'o'.repeat(40)

/** What the environment is found to say wrong. */
function faultsOf(environment: Record<string, string>): string[] {
  try {
    readConfig(environment)
    return []
  } catch (error) {
    assert.ok(error instanceof ConfigError)
    assert.equal(error.message, error.sentences.join('\n'))
    return error.sentences
  }
}

test('an empty environment has a default for everything', () => {
  const defaults: Partial<Config> = {
    host: '127.0.0.1',
    port: 3000,
    databaseUrl: 'sqlite:data/docket.db',
    secrets: undefined,
    isRegistrationOpen: true,
    corsOrigins: [],
    trustProxy: [],
    logLevel: 'info',
    metricsToken: undefined,
    requestsPerMinute: 3000,
    trashDays: 30,
    historyDays: 90,
    shutdownTimeoutMs: 10_000,
  }
  assert.deepEqual(readConfig({}), defaults)
  const empty = Object.fromEntries(
    [
      'HOST',
      'PORT',
      'DATABASE_URL',
      'DOCKET_SECRET',
      'REGISTRATION',
      'CORS_ORIGINS',
      'TRUST_PROXY',
      'LOG_LEVEL',
      'METRICS_TOKEN',
      'RATE_LIMIT',
      'TRASH_DAYS',
      'HISTORY_DAYS',
      'SHUTDOWN_TIMEOUT',
    ].map((name) => [name, ' ']),
  )
  assert.deepEqual(readConfig(empty), defaults, 'an empty variable is an unset one')
})

test('the configuration can not be changed', () => {
  assert.ok(Object.isFrozen(readConfig({})))
})

const right: [name: string, text: string, field: keyof Config, value: unknown][] = [
  ['HOST', '0.0.0.0', 'host', '0.0.0.0'],
  ['HOST', '::1', 'host', '::1'],
  ['HOST', 'tasks.example.com', 'host', 'tasks.example.com'],
  ['PORT', '0', 'port', 0],
  ['PORT', '65535', 'port', 65_535],
  ['PORT', ' 8080 ', 'port', 8080],
  ['DATABASE_URL', 'sqlite:/var/lib/docket/docket.db', 'databaseUrl', 'sqlite:/var/lib/docket/docket.db'],
  ['DOCKET_SECRET', secret, 'secrets', [secret]],
  ['DOCKET_SECRET', `${secret}, ${other}`, 'secrets', [secret, other]],
  ['REGISTRATION', 'open', 'isRegistrationOpen', true],
  ['REGISTRATION', 'closed', 'isRegistrationOpen', false],
  ['CORS_ORIGINS', 'https://app.example.com', 'corsOrigins', ['https://app.example.com']],
  [
    'CORS_ORIGINS',
    'https://a.example , http://localhost:8080,',
    'corsOrigins',
    ['https://a.example', 'http://localhost:8080'],
  ],
  [
    'TRUST_PROXY',
    '127.0.0.1, 10.0.0.0/8,::1,2001:db8::/32',
    'trustProxy',
    ['127.0.0.1', '10.0.0.0/8', '::1', '2001:db8::/32'],
  ],
  ['LOG_LEVEL', 'warn', 'logLevel', 'warn'],
  ['LOG_LEVEL', 'silent', 'logLevel', 'silent'],
  ['METRICS_TOKEN', 'a token', 'metricsToken', 'a token'],
  ['RATE_LIMIT', '1', 'requestsPerMinute', 1],
  ['RATE_LIMIT', 'off', 'requestsPerMinute', 'off'],
  ['TRASH_DAYS', '7', 'trashDays', 7],
  ['HISTORY_DAYS', '1', 'historyDays', 1],
  ['HISTORY_DAYS', '36500', 'historyDays', 36_500],
  ['SHUTDOWN_TIMEOUT', '30', 'shutdownTimeoutMs', 30_000],
]
for (const [name, text, field, value] of right) {
  test(`${name}=${text.slice(0, 60)} is taken`, () => {
    assert.deepEqual(readConfig({ [name]: text })[field], value)
  })
}

const wrong: [name: string, ...texts: string[]][] = [
  ['HOST', 'two words', 'a\tb'],
  ['PORT', '-1', '65536', '80.0', '0x50', '8080a', '１２', 'http'],
  ['DATABASE_URL', 'docket.db', 'sqlite:', 'mysql://localhost/docket', 'file:docket.db', 'SQLITE:docket.db'],
  ['DOCKET_SECRET', 'short', 's'.repeat(31), `${secret},`, `${secret},short`, ','],
  ['REGISTRATION', 'OPEN', 'yes', 'true', 'invite'],
  [
    'CORS_ORIGINS',
    '*',
    'null',
    'app.example.com',
    'https://app.example.com/',
    'https://app.example.com/path',
    'ftp://a.example',
    'https://a.example:443',
    'HTTPS://a.example',
    'https://user@a.example',
    'https://a.example https://b.example',
    'https://a.example,*',
  ],
  [
    'TRUST_PROXY',
    'localhost',
    '10.0.0.0/33',
    '10.0.0.0/-1',
    '10.0.0.0/',
    '10.0.0.0/8/8',
    '10.0.0',
    '::/129',
    '0.0.0.0/0',
    '::/0',
    '10.0.0.1 10.0.0.2',
    'true',
    '*',
  ],
  ['LOG_LEVEL', 'verbose', 'INFO', '30'],
  ['RATE_LIMIT', '0', '-5', 'none', 'OFF', '1e3', '1.5', '3000/min', '9999999999'],
  ['TRASH_DAYS', '0', '-1', '36501', 'never', '1.5'],
  ['HISTORY_DAYS', '0', '-1', '36501', '90d', '1.5'],
  ['SHUTDOWN_TIMEOUT', '0', '-1', '3601', '10s', '1.5'],
]
for (const [name, ...texts] of wrong) {
  test(`${name} refuses what it can not be, in one sentence that names it`, () => {
    for (const text of texts) {
      const sentences = faultsOf({ [name]: text })
      assert.equal(sentences.length, 1, text)
      assert.match(sentences[0] ?? '', new RegExp(`^${name} must be .+\\.$`))
    }
  })
}

test('all faults are told at once', () => {
  const all = Object.fromEntries(wrong.map(([name, text = '']) => [name, text]))

  const sentences = faultsOf(all)

  const named = new Set(sentences.map((sentence) => sentence.split(' ')[0]))
  assert.equal(sentences.length, wrong.length)
  assert.deepEqual(named, new Set(wrong.map(([name]) => name)))
})

test('no sentence gives a secret away, and a long value is cut', () => {
  const told = faultsOf({
    DOCKET_SECRET: 'hush',
    DATABASE_URL: 'mysql://docket:hush@db/docket',
    PORT: 'x'.repeat(1000),
  }).join('\n')

  assert.doesNotMatch(told, /hush/)
  assert.ok(told.length < 700)
})

test('PostgreSQL wants a secret that all nodes share', () => {
  const url = 'postgres://docket:hush@db:5432/docket'
  assert.equal(readConfig({ DATABASE_URL: url, DOCKET_SECRET: secret }).databaseUrl, url)
  assert.match(faultsOf({ DATABASE_URL: url }).join(), /^DOCKET_SECRET must be set/)
})

import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { ConfigError, readCommandConfig, readConfig, type Config } from '../../src/config.ts'
import { temporaryFolder } from '../process.ts'

const secret = 's'.repeat(32)
const other = 'o'.repeat(40)

/** The sentences that `readConfig` reports about this environment. */
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

test('an empty environment gives every setting its default', () => {
  const defaults: Partial<Config> = {
    host: '127.0.0.1',
    port: 3000,
    databaseUrl: 'sqlite:data/docket.db',
    secrets: undefined,
    registration: 'open',
    corsOrigins: [],
    trustProxy: [],
    logLevel: 'info',
    metricsToken: undefined,
    requestsPerMinute: 3000,
    tasksPerUser: 100_000,
    drainMs: 0,
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
      'QUOTA_TASKS',
      'DRAIN_SECONDS',
      'DOCKET_SECRET_FILE',
      'DATABASE_URL_FILE',
    ].map((name) => [name, ' ']),
  )
  assert.deepEqual(readConfig(empty), defaults, 'a blank variable counts as unset')
})

test('the configuration is frozen', () => {
  assert.ok(Object.isFrozen(readConfig({})))
})

const valid: { name: string; text: string; field: keyof Config; value: unknown }[] = [
  { name: 'HOST', text: '0.0.0.0', field: 'host', value: '0.0.0.0' },
  { name: 'HOST', text: '::1', field: 'host', value: '::1' },
  { name: 'HOST', text: 'tasks.example.com', field: 'host', value: 'tasks.example.com' },
  { name: 'PORT', text: '0', field: 'port', value: 0 },
  { name: 'PORT', text: '65535', field: 'port', value: 65_535 },
  { name: 'PORT', text: ' 8080 ', field: 'port', value: 8080 },
  {
    name: 'DATABASE_URL',
    text: 'sqlite:data@home/docket#1.db',
    field: 'databaseUrl',
    value: 'sqlite:data@home/docket#1.db',
  },
  {
    name: 'DATABASE_URL',
    text: 'sqlite:/var/lib/docket/docket.db',
    field: 'databaseUrl',
    value: 'sqlite:/var/lib/docket/docket.db',
  },
  ...['postgres://ada:p@ss%2F@db/docket', 'postgresql:///docket?host=/run/postgresql', 'postgres://db'].map(
    (text) => ({ name: 'DATABASE_URL', text, field: 'databaseUrl', value: text }) as const,
  ),
  { name: 'DOCKET_SECRET', text: secret, field: 'secrets', value: [secret] },
  { name: 'DOCKET_SECRET', text: `${secret}, ${other}`, field: 'secrets', value: [secret, other] },
  { name: 'REGISTRATION', text: 'open', field: 'registration', value: 'open' },
  { name: 'REGISTRATION', text: 'closed', field: 'registration', value: 'closed' },
  { name: 'REGISTRATION', text: 'invite', field: 'registration', value: 'invite' },
  {
    name: 'CORS_ORIGINS',
    text: 'https://app.example.com',
    field: 'corsOrigins',
    value: ['https://app.example.com'],
  },
  {
    name: 'CORS_ORIGINS',
    text: 'https://a.example , http://localhost:8080,',
    field: 'corsOrigins',
    value: ['https://a.example', 'http://localhost:8080'],
  },
  {
    name: 'TRUST_PROXY',
    text: '127.0.0.1, 10.0.0.0/8,::1,2001:db8::/32',
    field: 'trustProxy',
    value: ['127.0.0.1', '10.0.0.0/8', '::1', '2001:db8::/32'],
  },
  { name: 'LOG_LEVEL', text: 'warn', field: 'logLevel', value: 'warn' },
  { name: 'LOG_LEVEL', text: 'silent', field: 'logLevel', value: 'silent' },
  { name: 'METRICS_TOKEN', text: 'a token', field: 'metricsToken', value: 'a token' },
  { name: 'RATE_LIMIT', text: '1', field: 'requestsPerMinute', value: 1 },
  { name: 'RATE_LIMIT', text: 'off', field: 'requestsPerMinute', value: 'off' },
  { name: 'QUOTA_TASKS', text: '1', field: 'tasksPerUser', value: 1 },
  { name: 'QUOTA_TASKS', text: 'off', field: 'tasksPerUser', value: 'off' },
  { name: 'DRAIN_SECONDS', text: '15', field: 'drainMs', value: 15_000 },
  { name: 'TRASH_DAYS', text: '7', field: 'trashDays', value: 7 },
  { name: 'HISTORY_DAYS', text: '1', field: 'historyDays', value: 1 },
  { name: 'HISTORY_DAYS', text: '36500', field: 'historyDays', value: 36_500 },
  { name: 'SHUTDOWN_TIMEOUT', text: '30', field: 'shutdownTimeoutMs', value: 30_000 },
]
for (const { name, text, field, value } of valid) {
  test(`${name}=${text.slice(0, 60)} is accepted`, () => {
    assert.deepEqual(readConfig({ DOCKET_SECRET: secret, [name]: text })[field], value)
  })
}

const invalid: Record<string, string[]> = {
  HOST: ['two words', 'a\tb'],
  PORT: ['-1', '65536', '80.0', '0x50', '8080a', '１２', 'http'],
  DATABASE_URL: ['docket.db', 'sqlite:', 'mysql://localhost/docket', 'file:docket.db', 'SQLITE:docket.db'],
  DOCKET_SECRET: ['short', 's'.repeat(31), `${secret},`, `${secret},short`, ','],
  REGISTRATION: ['OPEN', 'yes', 'true', 'invited'],
  CORS_ORIGINS: [
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
  TRUST_PROXY: [
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
  LOG_LEVEL: ['verbose', 'INFO', '30'],
  RATE_LIMIT: ['0', '-5', 'none', 'OFF', '1e3', '1.5', '3000/min', '9999999999'],
  QUOTA_TASKS: ['0', '-5', 'none', '1e3', '1000000000'],
  DRAIN_SECONDS: ['-1', '3601', '10s', '1.5'],
  TRASH_DAYS: ['0', '-1', '36501', 'never', '1.5'],
  HISTORY_DAYS: ['0', '-1', '36501', '90d', '1.5'],
  SHUTDOWN_TIMEOUT: ['0', '-1', '3601', '10s', '1.5'],
}
for (const [name, texts] of Object.entries(invalid)) {
  test(`an invalid ${name} is refused with one sentence that names the variable`, () => {
    for (const text of texts) {
      const sentences = faultsOf({ [name]: text })
      assert.equal(sentences.length, 1, text)
      assert.match(sentences[0] ?? '', new RegExp(`^${name} must be .+\\.$`))
    }
  })
}

test('all faults are reported together', () => {
  const all = Object.fromEntries(Object.entries(invalid).map(([name, [text = '']]) => [name, text]))

  const sentences = faultsOf(all)

  const named = new Set(sentences.map((sentence) => sentence.split(' ')[0]))
  assert.equal(sentences.length, Object.keys(invalid).length)
  assert.deepEqual(named, new Set(Object.keys(invalid)))
})

test('the sentences reveal no secret and cut long values', () => {
  const text = faultsOf({
    DOCKET_SECRET: 'hush',
    DATABASE_URL: 'mysql://docket:hush@db/docket',
    PORT: 'x'.repeat(1000),
  }).join('\n')

  assert.doesNotMatch(text, /hush/)
  assert.ok(text.length < 700)
})

test('no broken form of a URL reveals its password', () => {
  const urls = [
    'postgres:/docket:hush@db/docket',
    'postgres:docket:hush@db/docket',
    'postgres:///docket:hush@db/docket',
    'postgre://docket:hush@db/docket',
    'postgres://docket:12/hush@db/docket',
    'postgres://docket:12#hush@db/docket',
    'postgres://docket:12?hush@db/docket',
    'postgres//docket:hush@db/docket',
    'postgres;//docket:hush@db/docket',
    'docket:hush@db/docket',
    'postgres:/db/docket?user=docket&password=hush',
    'host=db password=hush',
    'mysql://docket:hush@db/docket',
    'mysql://docket:a/hush@db/docket',
    '"postgres://docket:hush@db/docket"',
  ]
  for (const url of urls) {
    const sentences = faultsOf({ DATABASE_URL: url, DOCKET_SECRET: secret })
    assert.match(sentences.join('\n'), /^DATABASE_URL must be sqlite:PATH or postgres:[^\n]+\.$/, url)
    assert.doesNotMatch(sentences.join(), /hush|docket/, url)
  }
  for (const name of ['HOST', 'CORS_ORIGINS', 'TRUST_PROXY', 'PORT']) {
    const text = faultsOf({ [name]: 'https:/ada:hush@app.example.com x, https://ada:a/hush@db' }).join()
    assert.match(text, new RegExp(`^${name} must be`))
    assert.doesNotMatch(text, /hush/)
  }
})

test('a sentence about a number tells its range', () => {
  const ranges = {
    PORT: '0 to 65535',
    RATE_LIMIT: '1 to 999999999',
    QUOTA_TASKS: '1 to 999999999',
    DRAIN_SECONDS: '0 to 3600',
    TRASH_DAYS: '1 to 36500',
    HISTORY_DAYS: '1 to 36500',
    SHUTDOWN_TIMEOUT: '1 to 3600',
  }
  for (const [name, range] of Object.entries(ranges)) {
    assert.match(faultsOf({ [name]: '1000000000' }).join(), new RegExp(`^${name} must be .*${range}`))
  }
})

test('PostgreSQL requires DOCKET_SECRET', () => {
  const url = 'postgres://docket:hush@db:5432/docket'
  assert.equal(readConfig({ DATABASE_URL: url, DOCKET_SECRET: secret }).databaseUrl, url)
  assert.match(faultsOf({ DATABASE_URL: url }).join(), /^DOCKET_SECRET must be set/)
})

test('a secret and a database URL can be in files', (t) => {
  const folder = temporaryFolder(t)
  const [secretFile, urlFile, emptyFile] = ['secret', 'url', 'empty'].map((name) => join(folder, name))
  assert.ok(secretFile && urlFile && emptyFile)
  const url = 'postgres://docket:hush@db:5432/docket'
  writeFileSync(secretFile, `${secret},${other}\n`)
  writeFileSync(urlFile, `${url}\n`)
  writeFileSync(emptyFile, '\n')

  const config = readConfig({ DOCKET_SECRET_FILE: secretFile, DATABASE_URL_FILE: urlFile })
  assert.deepEqual([config.secrets, config.databaseUrl], [[secret, other], url])
  const command = readCommandConfig({ DOCKET_SECRET_FILE: '/nowhere', DATABASE_URL_FILE: urlFile })
  assert.equal(command.databaseUrl, url, 'a command needs no secret')

  const faults: [Record<string, string>, RegExp][] = [
    [
      { DOCKET_SECRET: secret, DOCKET_SECRET_FILE: secretFile },
      /^DOCKET_SECRET and DOCKET_SECRET_FILE must not/,
    ],
    [
      { DATABASE_URL: url, DATABASE_URL_FILE: urlFile, DOCKET_SECRET: secret },
      /^DATABASE_URL and DATABASE_URL_FILE/,
    ],
    [{ DOCKET_SECRET_FILE: '/nowhere' }, /^DOCKET_SECRET_FILE must .*\(ENOENT\)\.$/],
    [{ DOCKET_SECRET_FILE: emptyFile }, /^DOCKET_SECRET_FILE must name a file that is not empty/],
    [{ DATABASE_URL_FILE: folder }, /^DATABASE_URL_FILE must .*\(EISDIR\)\.$/],
    [{ DATABASE_URL_FILE: secretFile }, /^DATABASE_URL must be sqlite:/],
  ]
  for (const [environment, words] of faults) {
    const [sentence = '', ...more] = faultsOf(environment)
    assert.match(sentence, words)
    assert.deepEqual(more, [])
    assert.doesNotMatch(sentence, /hush|sss/)
  }
})

import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { copyFile, glob, mkdir, mkdtempDisposable, readFile, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join, posix } from 'node:path'
import { before, describe, test } from 'node:test'
import { fileURLToPath } from 'node:url'

// A small example that keeps every rule is linted with our own configuration. Then every breach is planted
// in it, a line for each, and all are linted at once: a rule that stays silent fails its row.

const root = fileURLToPath(new URL('../..', import.meta.url))
const oxlint = join(root, 'node_modules/oxlint/bin/oxlint')

const openDoors = `
    export { signUp } from '../accounts/accounts.ts'
    export { clock } from '../core/clock.ts'
    export { first } from '../database/database.ts'
    export { once } from '../idempotency/idempotency.ts'
    export { purge } from '../retention/retention.ts'
    export { record } from '../revisions/revisions.ts'
    export type { Task } from '../tasks/schema.ts'
    export { changeTask } from '../tasks/tasks.ts'`

/** The rooms of http, each with the rooms below it that it may know. */
const httpRooms: Record<string, string[]> = {
  problems: [],
  reading: [],
  answering: ['problems'],
  protection: ['problems', 'reading', 'answering'],
  description: ['problems', 'reading', 'answering', 'protection'],
  operations: ['problems', 'reading', 'answering', 'protection'],
  // One that the configuration has never heard of.
  caching: [],
}

function exampleRooms(): [file: string, source: string][] {
  return Object.entries(httpRooms).flatMap(([room, below]): [string, string][] => [
    [`src/http/${room}/neighbour.ts`, `export const neighbour = 1`],
    [
      `src/http/${room}/${room}.ts`,
      [
        `import type { FastifyReply } from 'fastify'`,
        `import { clock } from '../../core/clock.ts'`,
        `import { server } from '../fastify.ts'`,
        ...below.map((name) => `import { ${name} } from '../${name}/${name}.ts'`),
        `import { neighbour } from './neighbour.ts'`,
        `export const ${room} = (it: FastifyReply): unknown => [it, ${['clock', 'server', 'neighbour', ...below].join()}]`,
      ].join('\n'),
    ],
  ])
}

const example: Record<string, string> = {
  'src/main.ts': `
    import process from 'node:process'
    import { parseArgs } from 'node:util'
    import { commands } from './commands.ts'
    import { config } from './config.ts'
    import { migrate } from './database/migrate.ts'
    console.log(commands, config, migrate, process.argv, parseArgs())
    process.exitCode = 1
    process.exit()`,
  'src/commands.ts': `
    import { signUp } from './accounts/accounts.ts'
    import { app } from './app.ts'
    import { serve } from './serve.ts'
    export const commands = [signUp, app, serve]`,
  'src/commands/users.ts': `
    import { signUp } from '../accounts/accounts.ts'
    import type { app } from '../app.ts'
    import { config } from '../config.ts'
    import { storage } from '../storage.ts'
    export const users = (it: typeof app): unknown => [signUp, config, storage, it]`,
  'src/people/people.ts': `
    import { OperatorError } from '../core/errors.ts'
    import { ask } from '../prompt.ts'
    import { connect } from '../../client/src/index.ts'
    import { readWords } from '../../client/src/words/index.ts'
    import { env } from './terminal.ts'
    export const people = [OperatorError, ask, connect, readWords, env]`,
  'src/people/terminal.ts': `
    export const env = process.env`,
  'src/prompt.ts': `
    export const ask = 1`,
  'src/core/errors.ts': `
    export class OperatorError extends Error {}`,
  'client/src/index.ts': `
    export const connect = 1`,
  'client/src/words/index.ts': `
    export const readWords = 1`,
  'src/serve.ts': `
    import { app } from './app.ts'
    import { storage } from './storage.ts'
    export const serve = [app, storage]`,
  'src/storage.ts': `
    import { config } from './config.ts'
    import { clock } from './core/clock.ts'
    import { sqlite } from './database/sqlite.ts'
    export const storage = [config, clock, sqlite]`,
  'src/config.ts': `
    import { clock } from './core/clock.ts'
    export const config = [clock, process.env['PORT']]`,
  'src/app.ts': `
    import { fastify } from 'fastify'
    import { config } from './config.ts'
    import { clock } from './core/clock.ts'
    import { first } from './database/database.ts'
    import { sqlite } from './database/sqlite.ts'
    import { openapi } from './http/description/openapi.ts'
    import { server } from './http/server.ts'
    import { taskRoutes } from './tasks/routes.ts'
    import { changeTask } from './tasks/tasks.ts'
    export const app = [fastify, config, clock, first, sqlite, openapi, server, taskRoutes, changeTask]`,
  'src/core/clock.ts': `
    export const clock = 1`,
  'src/core/cursor.ts': `
    import { clock } from './clock.ts'
    export const cursor = clock`,
  'src/http/fastify.ts': `
    import type { FastifyInstance } from 'fastify'
    import { clock } from '../core/clock.ts'
    export const server = (app: FastifyInstance): unknown => [app, clock]`,
  ...Object.fromEntries(exampleRooms()),
  'src/http/server.ts': `
    import { fastify } from 'fastify'
    import { clock } from '../core/clock.ts'
    import { problems } from './problems/problems.ts'
    import { openapi } from './description/openapi.ts'
    export const server = [fastify, clock, problems, openapi]`,
  'src/database/database.ts': `
    export { default as sql } from 'sql-template-tag'
    export const first = 1`,
  'src/database/sqlite.ts': `
    import { DatabaseSync } from 'node:sqlite'
    import { clock } from '../core/clock.ts'
    export const sqlite = [DatabaseSync, clock]`,
  'src/database/migrate.ts': `
    import { landed } from './migrations/0001-tasks.ts'
    export const migrate = landed`,
  'src/database/migrations/0001-tasks.ts': `
    import { clock } from '../../core/clock.ts'
    import { sql } from '../database.ts'
    export const landed = [clock, sql]`,
  'src/accounts/schema.ts': `
    export interface Account { id: string }`,
  'src/accounts/accounts.ts': `
    import type { Account } from './schema.ts'
    export const signUp = (account: Account): string => account.id`,
  'src/tasks/schema.ts': `
    export interface Task { id: string }`,
  'src/tasks/routes.ts': `
    import { fastify } from 'fastify'
    import { first } from '../database/database.ts'
    import { server } from '../http/fastify.ts'
    import { problems } from '../http/problems/problems.ts'
    import { changeTask } from './tasks.ts'
    export const taskRoutes = [fastify, first, server, problems, changeTask]`,
  'src/tasks/tasks.ts': `
    import { signUp } from '../accounts/accounts.ts'
    import type { Account } from '../accounts/schema.ts'
    import { clock } from '../core/clock.ts'
    import { first } from '../database/database.ts'
    import type { Task } from './schema.ts'
    import { findTask } from './store.ts'
    export const changeTask = (task: Task, account: Account): unknown => [task, signUp(account), clock, first, findTask]`,
  'src/tasks/list-store.ts': `
    export { sql } from '../database/database.ts'`,
  'src/tasks/store.ts': `
    import { clock } from '../core/clock.ts'
    import { sql } from '../database/database.ts'
    export const findTask = [clock, sql]`,
  'src/revisions/revisions.ts': `
    export const record = 1`,
  'src/idempotency/idempotency.ts': `
    export const once = 1`,
  'src/retention/retention.ts': `
    export const purge = 1`,
  // A feature that the configuration has never heard of.
  'src/labels/labels.ts': openDoors,
  'src/labels/store.ts': openDoors,
  'src/labels/routes.ts': openDoors,
  'client/src/api.ts': `
    export interface Task { id: string }`,
  'client/src/client.ts': `
    import type { Task } from './api.ts'
    export const idOf = (task: Task): string => task.id`,
  'client/src/replica/storage.ts': `
    import type { Task } from '../api.ts'
    import { idOf } from '../client.ts'
    export const nameOf = (task: Task): string => idOf(task)
    export interface Storage { close(): Promise<void> }`,
  'client/src/node/file.ts': `
    import type { FileHandle } from 'node:fs/promises'
    import type { Storage } from '../replica/storage.ts'
    export type FileStorage = Storage & { log: FileHandle }`,
  'test/api/tasks.test.ts': `
    import { DatabaseSync } from 'node:sqlite'
    import { test } from 'node:test'
    import { app } from '../../src/app.ts'
    import { findTask } from '../../src/tasks/store.ts'
    test('a scenario', async () => {
      await Promise.resolve()
      console.log(DatabaseSync, app, findTask, process.env, process.argv)
    })`,
}

const engines = ['node:sqlite', 'pg', 'pg/lib/client.js', 'pg-cursor']
const framework = ['fastify', '@fastify/cors']
const neverInside = [
  '../app.ts',
  '../main.ts',
  '../config.ts',
  '../../test/api/tasks.test.ts',
  'node:process',
]
const strangers = [
  '../accounts/store.ts',
  '../accounts/list-store.ts',
  '../accounts/routes.ts',
  './../accounts/store.ts',
  '../accounts',
]
const enginesOfOurs = ['../database/sqlite.ts', '../database/postgres.ts']

const commandLine = [
  './main.ts',
  './tasks/store.ts',
  './tasks/list-store.ts',
  '../test/api/tasks.test.ts',
  'sql-template-tag',
  ...engines,
  ...framework,
]

/** What each file may not import. */
const forbiddenImports: Record<string, string[]> = {
  'src/core/cursor.ts': [
    '../http/problems/problems.ts',
    '../database/database.ts',
    '../tasks/tasks.ts',
    './../http/problems/problems.ts',
    ...neverInside,
    'sql-template-tag',
    ...engines,
    ...framework,
  ],
  'src/database/sqlite.ts': [
    '../http/problems/problems.ts',
    '../tasks/schema.ts',
    ...neverInside,
    ...framework,
  ],
  'src/database/migrations/0001-tasks.ts': [
    '../../http/problems/problems.ts',
    '../../tasks/tasks.ts',
    '../../config.ts',
    '../../app.ts',
    '../../main.ts',
    'node:process',
    ...framework,
  ],
  'src/http/fastify.ts': [
    './server.ts',
    './problems/problems.ts',
    '../tasks/schema.ts',
    ...neverInside,
    'sql-template-tag',
    ...engines,
  ],
  'src/http/server.ts': [
    '../database/database.ts',
    '../tasks/schema.ts',
    ...neverInside,
    'sql-template-tag',
    ...engines,
  ],
  ...Object.fromEntries(Object.keys(httpRooms).map((room) => [`src/http/${room}/${room}.ts`, outOf(room)])),
  'src/tasks/tasks.ts': [
    '../http/problems/problems.ts',
    '../http/fastify.ts',
    ...enginesOfOurs,
    ...strangers,
    ...neverInside,
    'sql-template-tag',
    ...engines,
    ...framework,
  ],
  'src/tasks/routes.ts': [
    './store.ts',
    './list-store.ts',
    '../http/server.ts',
    ...enginesOfOurs,
    ...strangers,
    ...neverInside,
    'sql-template-tag',
    ...engines,
  ],
  'src/tasks/list-store.ts': ['../http/problems/problems.ts', 'pg'],
  'src/tasks/store.ts': [
    '../http/problems/problems.ts',
    '../http/fastify.ts',
    ...enginesOfOurs,
    ...strangers,
    ...neverInside,
    ...engines,
    ...framework,
  ],
  'src/labels/labels.ts': ['../http/problems/problems.ts', '../tasks/store.ts', ...neverInside],
  'src/config.ts': [
    './app.ts',
    './main.ts',
    './database/database.ts',
    './http/problems/problems.ts',
    './tasks/tasks.ts',
    '../test/api/tasks.test.ts',
    'node:process',
    'sql-template-tag',
    ...engines,
    ...framework,
  ],
  'src/storage.ts': [
    './main.ts',
    './commands.ts',
    './serve.ts',
    './app.ts',
    './http/problems/problems.ts',
    './tasks/tasks.ts',
    '../test/api/tasks.test.ts',
    'node:process',
    'sql-template-tag',
    ...engines,
    ...framework,
  ],
  'src/app.ts': [
    './main.ts',
    './serve.ts',
    './storage.ts',
    './tasks/store.ts',
    './tasks/list-store.ts',
    '../test/api/tasks.test.ts',
    'node:process',
    'sql-template-tag',
    ...engines,
  ],
  'client/src/client.ts': ['../../src/tasks/schema.ts', '../package.json', 'node:crypto', 'typebox'],
  'client/src/replica/storage.ts': [
    '../../../src/tasks/schema.ts',
    '../index.ts',
    '../node/file.ts',
    'node:fs',
    'typebox',
  ],
  'client/src/node/file.ts': ['../index.ts', '../replica/state.ts', '../../../src/config.ts', 'typebox'],
  'src/people/people.ts': [
    '../main.ts',
    '../config.ts',
    '../storage.ts',
    '../app.ts',
    '../tasks/tasks.ts',
    '../tasks/schema.ts',
    '../database/database.ts',
    '../../test/api/tasks.test.ts',
    'node:process',
    'sql-template-tag',
    ...engines,
    ...framework,
  ],
  'src/main.ts': commandLine,
  'src/commands.ts': commandLine,
  'src/serve.ts': commandLine,
  'src/commands/users.ts': [
    '../main.ts',
    '../commands.ts',
    '../tasks/store.ts',
    '../tasks/list-store.ts',
    '../../test/api/tasks.test.ts',
    'sql-template-tag',
    ...engines,
    ...framework,
  ],
}

/** What a room of http may not import: the rooms beside and above it, and all that http may not. */
function outOf(room: string): string[] {
  const others = Object.keys(httpRooms).filter((name) => name !== room && !httpRooms[room]?.includes(name))
  return [
    ...others.map((name) => `../${name}/${name}.ts`),
    '../server.ts',
    '../../http/server.ts',
    '../../database/database.ts',
    '../../tasks/schema.ts',
    '../../app.ts',
    '../../main.ts',
    '../../config.ts',
    'node:process',
    'sql-template-tag',
    ...engines,
  ]
}

const imports = 'eslint(no-restricted-imports)'
const properties = 'eslint(no-restricted-properties)'
const typeImports = 'typescript(consistent-type-imports)'
const floating = 'typescript(no-floating-promises)'

/** What else a file may not say, and the rule that answers. */
const forbiddenLines: [file: string, line: string, rule: string][] = [
  ['src/tasks/tasks.ts', `import type { X } from '../http/problems/problems.ts'`, imports],
  ['src/tasks/tasks.ts', `export { problems } from '../http/problems/problems.ts'`, imports],
  ['src/tasks/tasks.ts', `export * as x from '../http/problems/problems.ts'`, imports],
  ['src/tasks/tasks.ts', `await import('../http/problems/problems.ts')`, imports],
  ['src/tasks/tasks.ts', `await import('pg')`, imports],
  ['src/tasks/tasks.ts', `export type Y = import('../http/problems/problems.ts').Y`, typeImports],

  ...['src/tasks/tasks.ts', 'src/tasks/routes.ts'].flatMap((file) =>
    takingSql(file, '../database/database.ts'),
  ),
  ...['src/app.ts', 'src/commands.ts', 'src/storage.ts'].flatMap((file) =>
    takingSql(file, './database/database.ts'),
  ),

  ...['src/tasks/tasks.ts', 'src/http/problems/problems.ts', 'src/app.ts', 'src/main.ts'].flatMap((file) => [
    forbiddenProperty(file, `process.env['PORT']`),
    forbiddenProperty(file, `process['env']`),
    forbiddenProperty(file, `globalThis.process`),
    forbiddenProperty(file, `process.loadEnvFile()`),
  ]),
  ['src/app.ts', 'export const { env } = process', properties],
  ...['argv', 'env', 'exit', 'loadEnvFile'].map((name): (typeof forbiddenLines)[number] => [
    'src/main.ts',
    `export { ${name} } from 'node:process'`,
    imports,
  ]),
  forbiddenProperty('src/config.ts', 'globalThis.process'),
  ...['src/tasks/tasks.ts', 'src/core/clock.ts', 'src/app.ts', 'src/config.ts'].flatMap((file) => [
    forbiddenProperty(file, 'process.argv'),
    forbiddenProperty(file, 'process.exit()'),
    forbiddenProperty(file, 'process.exitCode'),
  ]),

  ['src/tasks/tasks.ts', `console.log('here')`, 'eslint(no-console)'],
  ['src/core/barrel.ts', `export * from './clock.ts'`, 'oxc(no-barrel-file)'],
  ['src/tasks/tasks.ts', `export default 1`, 'import(no-default-export)'],
  ['src/tasks/tasks.ts', `export const whatever = {} as any`, 'typescript(no-explicit-any)'],
  ['src/tasks/tasks.ts', `export const last = [1].at(-1)!`, 'typescript(no-non-null-assertion)'],
  ['src/tasks/tasks.ts', `Promise.resolve()`, floating],
  ['src/tasks/tasks.ts', `if (Promise.resolve()) await 1`, 'typescript(no-misused-promises)'],
  ['src/tasks/tasks.ts', `await 1`, 'typescript(await-thenable)'],
  ['src/core/round.ts', `import './trip.ts'`, 'import(no-cycle)'],
  ['src/core/trip.ts', `import './round.ts'`, 'import(no-cycle)'],
  ['test/api/tasks.test.ts', `Promise.resolve()`, floating],
]

const tooLong = 'src/core/long.ts'

function takingSql(file: string, database: string): typeof forbiddenLines {
  return [
    ...['sql', 'join', 'raw', 'empty'].map((name) => `export { ${name} as ${name}1 } from '${database}'`),
    `import type { Sql } from '${database}'`,
    `export * as database1 from '${database}'`,
  ].map((line) => [file, line, imports])
}

function forbiddenProperty(file: string, expression: string): (typeof forbiddenLines)[number] {
  return [file, `void ${expression}`, properties]
}

describe('the linter', () => {
  const breaches = [...forbiddenLines]
  for (const [file, specifiers] of Object.entries(forbiddenImports)) {
    for (const specifier of specifiers) breaches.push([file, `import '${specifier}'`, imports])
  }
  let found: Set<string>

  before(async () => {
    const files: Record<string, string> = { ...example, [tooLong]: '//\n'.repeat(251) }
    for (const [file, line] of breaches) files[file] = files[file] ? `${files[file]}\n${line}` : line
    const findings = await lint(files)
    found = new Set(
      findings.map(({ file, line, rule }) => `${file} ${rule} ${files[file]?.split('\n')[line - 1]}`),
    )
  })

  test('accepts a source tree that keeps every rule', async () => {
    assert.deepEqual(await lint(example), [])
  })

  for (const [file, line, rule] of breaches) {
    test(`refuses in ${file}: ${line}`, () => assert.ok(found.has(`${file} ${rule} ${line}`), rule))
  }

  test('refuses a file of more than 250 lines', () => {
    assert.ok(found.has(`${tooLong} eslint(max-lines) //`))
  })
})

describe('our own source', () => {
  test('switches no architecture rule off in a comment', async () => {
    for (const [file, source] of await sources()) {
      assert.doesNotMatch(source, /(ox|es)lint-disable.*(no-restricted|no-cycle|max-lines)/, file)
      assert.doesNotMatch(source, /(ox|es)lint-disable\s*(\*\/|$)/m, `${file} switches every rule off`)
    }
  })

  // What an import() hands out by name, the linter does not see. These have a reason to load late.
  const loadsLate = new Set([
    'src/main.ts',
    'src/storage.ts',
    'src/people/people.ts',
    'src/people/commands.ts',
  ])
  test('imports its own parts at the top of a file', async () => {
    for (const [file, source] of await sources()) {
      if (!loadsLate.has(file)) assert.doesNotMatch(source, /\bimport\(\s*['"`]\./, file)
    }
  })

  test('reaches another feature through its front door', async () => {
    for (const [file, source] of await sources()) {
      for (const target of importsOf(file, source))
        assert.ok(isOpen(file, target), `${file} imports ${target}`)
    }
  })

  // A pattern of the linter can not say "a file named like its folder".
  test('a front door is named like its folder', () => {
    const rows: [file: string, target: string, open: boolean][] = [
      ['src/labels/labels.ts', 'src/tasks/tasks.ts', true],
      ['src/labels/labels.ts', 'src/tasks/schema.ts', true],
      ['src/labels/labels.ts', 'src/labels/store.ts', true],
      ['src/labels/labels.ts', 'src/core/clock.ts', true],
      ['src/labels/routes.ts', 'src/http/problems/problem.ts', true],
      ['src/app.ts', 'src/tasks/routes.ts', true],
      ['src/labels/labels.ts', 'src/tasks/writing.ts', false],
      ['src/labels/routes.ts', 'src/tasks/routes.ts', false],
      ['src/labels/store.ts', 'src/tasks/store.ts', false],
      ['src/labels/inner/label.ts', 'src/tasks/writing.ts', false],
    ]
    for (const [file, target, open] of rows) assert.equal(isOpen(file, target), open, `${file} → ${target}`)
  })

  // import/no-cycle sees files, and forgives types; that features stay apart is asked of their folders.
  test('has no cycle between features', async () => {
    const edges = new Map<string, Set<string>>()
    for (const [file, source] of await sources()) {
      const from = roomOf(file)
      if (from === undefined) continue
      for (const target of importsOf(file, source)) {
        const to = roomOf(target)
        if (to !== undefined && to !== from) edges.set(from, (edges.get(from) ?? new Set()).add(to))
      }
    }
    assert.equal(findCycle(edges), undefined)
  })

  test('the search for cycles finds one', () => {
    const edges = new Map([
      ['tasks', new Set(['core', 'accounts'])],
      ['accounts', new Set(['revisions'])],
      ['revisions', new Set(['core', 'tasks'])],
    ])
    assert.equal(findCycle(edges), 'tasks → accounts → revisions → tasks')
  })
})

interface Finding {
  file: string
  line: number
  rule: string
}

async function lint(files: Record<string, string>): Promise<Finding[]> {
  await using folder = await mkdtempDisposable(join(tmpdir(), 'docket-architecture-'))
  await symlink(join(root, 'node_modules'), join(folder.path, 'node_modules'), 'junction')
  for (const file of ['.oxlintrc.json', 'tsconfig.json', 'package.json']) {
    await copyFile(join(root, file), join(folder.path, file))
  }
  for (const [file, source] of Object.entries(files)) {
    await mkdir(dirname(join(folder.path, file)), { recursive: true })
    await writeFile(join(folder.path, file), source)
  }
  return parseReport(await runOxlint(folder.path))
}

/** Oxlint ends with 1 when it has found something; what counts is its report. */
function runOxlint(folder: string): Promise<string> {
  const args = [oxlint, '--type-aware', '--format', 'json', 'src', 'client', 'test']
  return new Promise((resolve) => {
    execFile(process.execPath, args, { cwd: folder, maxBuffer: 2 ** 26 }, (_error, stdout) => resolve(stdout))
  })
}

function parseReport(json: string): Finding[] {
  const report = JSON.parse(json) as {
    diagnostics: { filename: string; code: string; labels: { span: { line: number } }[] }[]
  }
  return report.diagnostics.map(({ filename, code, labels }) => ({
    file: filename.replaceAll('\\', '/'),
    line: labels[0]?.span.line ?? 0,
    rule: code,
  }))
}

async function sources(): Promise<[file: string, source: string][]> {
  const files = await Array.fromAsync(glob('src/**/*.ts', { cwd: root }))
  return Promise.all(
    files.map(async (file): Promise<[string, string]> => [
      file.replaceAll('\\', '/'),
      await readFile(join(root, file), 'utf8'),
    ]),
  )
}

/** The files of ours that a file imports, types included. */
function importsOf(file: string, source: string): string[] {
  const found = source.matchAll(/\b(?:from|import)\s*\(?\s*'(\.[^']+)'/g)
  return [...found].map(([, specifier]) => posix.join(posix.dirname(file), specifier ?? ''))
}

const roomOf = (file: string): string | undefined => /^src\/([^/]+)\//.exec(file)?.[1]

const mechanisms = new Set(['core', 'database', 'http'])

/** Whether the one file may import the other, as far as front doors of features go. */
function isOpen(file: string, target: string): boolean {
  const [from, to] = [roomOf(file), roomOf(target)]
  if (from === undefined || to === undefined || from === to || mechanisms.has(to)) return true
  return target === `src/${to}/${to}.ts` || target === `src/${to}/schema.ts`
}

function findCycle(edges: Map<string, Set<string>>): string | undefined {
  const done = new Set<string>()
  function visit(room: string, path: string[]): string | undefined {
    if (path.includes(room)) return [...path.slice(path.indexOf(room)), room].join(' → ')
    if (done.has(room)) return undefined
    for (const next of edges.get(room) ?? []) {
      const cycle = visit(next, [...path, room])
      if (cycle !== undefined) return cycle
    }
    done.add(room)
    return undefined
  }
  for (const room of edges.keys()) {
    const cycle = visit(room, [])
    if (cycle !== undefined) return cycle
  }
  return undefined
}

import { existsSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Client } from 'pg'
import { readConfig } from '../../src/config.ts'
import { raw, sql, type Database, type Queryable } from '../../src/database/database.ts'
import { isPostgres, openStorage, sqlitePath } from '../../src/storage.ts'
import { findPostgres, startPostgres } from '../../test/postgres-server.ts'

export const secret = 'a secret of thirty-two bytes or more for scale'

/** A database that is measured, and what the measuring needs beside what the server does with it. */
export interface Engine {
  name: string
  isPostgres: boolean
  database: Database
  /** Runs statements that a server never would, without its time-outs. */
  run(...statements: string[]): Promise<void>
  /** How long the one who carries out this transaction has kept a core busy; a server elsewhere tells no more than the time. */
  busyMicros(tx: Queryable): Promise<number>
  startFilling(): Promise<void>
  /** Leaves it as a server would find it some time later. */
  endFilling(): Promise<void>
  /** How many bytes it fills. */
  size(): Promise<number>
  close(): Promise<void>
}

/** Opens a database by its URL; `postgres` and `sqlite` alone mean one that is thrown away afterwards. */
export async function openEngine(url: string): Promise<Engine> {
  if (url === 'postgres') return openOwnPostgres()
  if (url !== 'sqlite') return open(url, async () => undefined)
  const folder = mkdtempSync(join(tmpdir(), 'docket-scale-'))
  return open(`sqlite:${join(folder, 'docket.db')}`, async () => rmSync(folder, { recursive: true }))
}

async function openOwnPostgres(): Promise<Engine> {
  const binaries = findPostgres()
  if (!binaries) throw new Error('there is no PostgreSQL on this machine: give the URL of one')
  const server = await startPostgres(binaries)
  return open(server.url(), server.remove)
}

async function open(url: string, remove: () => Promise<void>): Promise<Engine> {
  const config = readConfig({ DATABASE_URL: url, DOCKET_SECRET: secret })
  const storage = await openStorage(config, (message) => void process.stderr.write(`Warning: ${message}.\n`))
  const { database } = storage
  const [name, more] = isPostgres(config) ? await beside(url) : besideFile(database, sqlitePath(config))
  return {
    name,
    isPostgres: isPostgres(config),
    database,
    ...more,
    async close() {
      await storage.close()
      await remove()
    },
  }
}

type Beside = [
  name: string,
  more: Pick<Engine, 'run' | 'busyMicros' | 'startFilling' | 'endFilling' | 'size'>,
]

function besideFile(database: Database, path: string): Beside {
  const name = `SQLite ${process.versions['sqlite']}`
  const run = (...statements: string[]) =>
    database.transaction(async (tx) => {
      for (const statement of statements) await tx.query(raw(statement))
    })
  return [
    name,
    {
      run,
      busyMicros: async () => process.cpuUsage().user + process.cpuUsage().system,
      startFilling: () => run('pragma cache_size = -500000'),
      endFilling: () => run('pragma cache_size = -2000'), // what it is unless somebody says otherwise
      size: async () => statSync(path).size,
    },
  ]
}

async function beside(url: string): Promise<Beside> {
  const ask = async (...statements: string[]): Promise<unknown> => {
    const client = new Client({ connectionString: url })
    await client.connect()
    try {
      let answer: unknown
      for (const text of statements) answer = (await client.query({ text, rowMode: 'array' })).rows[0]?.[0]
      return answer
    } finally {
      await client.end()
    }
  }
  return [
    `PostgreSQL ${String(await ask('show server_version')).split(' ')[0]}`,
    {
      run: async (...statements) => void (await ask(...statements)),
      async busyMicros(tx) {
        const backend = await tx.first<{ pid: number }>(sql`select pg_backend_pid() as pid`)
        const path = `/proc/${backend?.pid}/schedstat`
        return existsSync(path)
          ? Number.parseInt(readFileSync(path, 'utf8')) / 1000
          : performance.now() * 1000
      },
      startFilling: async () => undefined,
      endFilling: async () => void (await ask('vacuum (analyze)', 'checkpoint')),
      size: async () => Number(await ask('select pg_database_size(current_database())')),
    },
  ]
}

import { existsSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Client } from 'pg'
import { readConfig } from '../../src/config.ts'
import { raw, sql, type Database, type Queryable } from '../../src/database/database.ts'
import { isPostgres, openStorage, sqlitePath } from '../../src/storage.ts'
import { findPostgres, startPostgres } from '../../test/postgres-server.ts'

export const secret = 'a secret of thirty-two bytes or more for scale'

/** A database under measurement, with what the measurement needs besides the server's own interface. */
export interface Engine {
  name: string
  isPostgres: boolean
  database: Database
  /** Runs statements that the server has no need for, without its time-outs. */
  run(...statements: string[]): Promise<void>
  /** CPU time of the process that runs this transaction; the time of day for a server on another machine. */
  busyMicros(tx: Queryable): Promise<number>
  startFilling(): Promise<void>
  /** Brings it into the state that a server would find some time later. */
  endFilling(): Promise<void>
  /** The size in bytes. */
  size(): Promise<number>
  close(): Promise<void>
}

/** Opens a database by its URL; `postgres` and `sqlite` alone mean a temporary one. */
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
  const [name, more] = isPostgres(config) ? await forPostgres(url) : forSqlite(database, sqlitePath(config))
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

type NameAndMore = [
  name: string,
  more: Pick<Engine, 'run' | 'busyMicros' | 'startFilling' | 'endFilling' | 'size'>,
]

function forSqlite(database: Database, path: string): NameAndMore {
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
      endFilling: () => run('pragma cache_size = -2000'), // SQLite's default
      size: async () => statSync(path).size,
    },
  ]
}

async function forPostgres(url: string): Promise<NameAndMore> {
  const value = async (...statements: string[]): Promise<unknown> => {
    const client = new Client({ connectionString: url })
    await client.connect()
    try {
      let last: unknown
      for (const text of statements) last = (await client.query({ text, rowMode: 'array' })).rows[0]?.[0]
      return last
    } finally {
      await client.end()
    }
  }
  return [
    `PostgreSQL ${String(await value('show server_version')).split(' ')[0]}`,
    {
      run: async (...statements) => void (await value(...statements)),
      async busyMicros(tx) {
        const backend = await tx.first<{ pid: number }>(sql`select pg_backend_pid() as pid`)
        const path = `/proc/${backend?.pid}/schedstat`
        return existsSync(path)
          ? Number.parseInt(readFileSync(path, 'utf8')) / 1000
          : performance.now() * 1000
      },
      startFilling: async () => undefined,
      endFilling: async () => void (await value('vacuum (analyze)', 'checkpoint')),
      size: async () => Number(await value('select pg_database_size(current_database())')),
    },
  ]
}

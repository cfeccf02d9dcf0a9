import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import { sql } from './database.ts'
import type { SqliteConnection } from './sqlite-connection.ts'

/** Pages in the log, some 4 MB, from which on it is copied into the database file. */
const mostPages = 1000
/** From here on SQLite does it itself, at a commit, should the thread fail. */
const farTooManyPages = 10 * mostPages

/** Keeps the write-ahead log short. */
export interface Checkpoints {
  /** Resolves at once while the log is short, else when it was copied, or that failed. Let nothing be written meanwhile. */
  keepUp(): Promise<void>
  close(): Promise<void>
}

/**
 * Has the log copied into the database file by another thread, which is started when there is something to copy:
 * it takes milliseconds and two fsyncs, in which the event loop can answer reads. Writes wait for it, since
 * SQLite begins the log anew only once all of it has been copied.
 */
export function createCheckpoints(path: string, writer: SqliteConnection): Checkpoints {
  let worker: Worker | undefined
  writer.pragma(`wal_autocheckpoint = ${farTooManyPages}`)

  const start = (): Worker => {
    const started = new Worker(new URL('./checkpoint-worker.ts', import.meta.url), { workerData: path })
    return started.once('error', () => (worker = undefined))
  }

  const copy = async () => {
    const [pages] = writer.all<Pages>(sql`pragma wal_checkpoint(noop)`)
    if (!pages || pages.log - pages.checkpointed < mostPages) return
    worker ??= start()
    worker.postMessage('checkpoint')
    await once(worker, 'message')
  }

  return {
    // Nothing is lost where it fails: what was committed is in the log, and the next commit tries again.
    keepUp: () => copy().catch(() => undefined),
    async close() {
      await worker?.terminate()
    },
  }
}

/** How many the log holds, and how many of those are in the database file too. */
interface Pages {
  log: number
  checkpointed: number
}

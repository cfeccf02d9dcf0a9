import { once } from 'node:events'
import { extname } from 'node:path'
import { Worker } from 'node:worker_threads'
import { sql } from './database.ts'
import type { SqliteConnection } from './sqlite-connection.ts'

/** The log is checkpointed once it has this many pages, some 4 MB. */
const checkpointPages = 1000
/** If the thread fails, SQLite checkpoints by itself at a commit once the log has this many pages. */
const automaticPages = 10 * checkpointPages

/** A file as it is written, or in the bundle. */
const program = new URL(`./checkpoint-worker${extname(import.meta.url)}`, import.meta.url)

/** Keeps the write-ahead log short. */
export interface Checkpoints {
  /**
   * Checkpoints the log if it is long. Resolves when that is done or has failed; until then nothing may be written.
   */
  keepUp(): Promise<void>
  close(): Promise<void>
}

/**
 * Checkpoints in a thread, which is started when first needed: a checkpoint takes milliseconds and two fsyncs,
 * and the event loop can serve reads meanwhile. Writes wait for it, since SQLite restarts the log only once
 * all of it has been copied into the database file.
 */
export function createCheckpoints(path: string, writer: SqliteConnection): Checkpoints {
  let worker: Worker | undefined
  writer.pragma(`wal_autocheckpoint = ${automaticPages}`)

  const start = (): Worker => {
    const started = new Worker(program, { workerData: path })
    return started.once('error', () => (worker = undefined))
  }

  const checkpoint = async () => {
    const [pages] = writer.all<Pages>(sql`pragma wal_checkpoint(noop)`)
    if (!pages || pages.log - pages.checkpointed < checkpointPages) return
    worker ??= start()
    worker.postMessage('checkpoint')
    await once(worker, 'message')
  }

  return {
    // Nothing is lost if it fails: commits are in the log, and the next one tries again.
    keepUp: () => checkpoint().catch(() => undefined),
    async close() {
      await worker?.terminate()
    },
  }
}

/** How many pages are in the log, and how many of them are in the database file already. */
interface Pages {
  log: number
  checkpointed: number
}

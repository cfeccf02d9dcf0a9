import { DatabaseSync } from 'node:sqlite'
import { parentPort, workerData } from 'node:worker_threads'

// A thread of its own: it copies what the log holds into the database file when it is told to, and says when it did.

const database = new DatabaseSync(String(workerData), { timeout: 0 })
const checkpoint = database.prepare('pragma wal_checkpoint(passive)')

parentPort?.on('message', () => {
  try {
    checkpoint.get()
  } catch {
    // A full disk, for one: all that was committed is in the log, and the next checkpoint tries again.
  }
  parentPort?.postMessage('done')
})

import { parentPort, workerData } from 'node:worker_threads'
import { openConnection } from './sqlite-connection.ts'

// A thread of its own: it copies what the log holds into the database file when it is told to, and says when it did.

const connection = openConnection(String(workerData), 0)

parentPort?.on('message', () => {
  try {
    connection.pragma('wal_checkpoint(passive)')
  } catch {
    // A full disk, for one: all that was committed is in the log, and the next checkpoint tries again.
  }
  parentPort?.postMessage('done')
})

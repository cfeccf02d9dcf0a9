import { parentPort, workerData } from 'node:worker_threads'
import { openConnection } from './sqlite-connection.ts'

// Runs in a thread of its own: checkpoints the write-ahead log at each message, and replies when done.

const connection = openConnection(String(workerData), 0)

parentPort?.on('message', () => {
  try {
    connection.pragma('wal_checkpoint(passive)')
  } catch {
    // For example a full disk. Nothing is lost: commits are in the log, and the next checkpoint tries again.
  }
  parentPort?.postMessage('done')
})

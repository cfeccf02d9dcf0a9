import { statfsSync, statSync } from 'node:fs'
import { dirname } from 'node:path'
import { createHistogram, gauge, latencyBounds, type Histogram, type Measure } from '../core/measures.ts'

/** How long the commits take, on either engine. */
export const commitSeconds = (): Histogram =>
  createHistogram(
    'docket_commit_duration_seconds',
    'Time that a commit took to reach the disk',
    latencyBounds,
  )

const groupBounds = [1, 2, 4, 8, 16, 32, 64, 128, 256]

/** How many writes shared each commit on SQLite. */
export const commitWrites = (): Histogram =>
  createHistogram('docket_commit_writes', 'Writes that shared a commit', groupBounds)

export const writesWaiting = (count: () => number): Measure =>
  gauge('docket_writes_waiting', 'Writes that wait for their turn', count)

/** Whether the database takes writes; `tryWrite` rejects if not. */
export const writable = (tryWrite: () => Promise<unknown>): Measure => ({
  name: 'docket_database_writable',
  help: 'Whether the database takes writes: 1, else 0',
  type: 'gauge',
  read: () =>
    tryWrite().then(
      () => [{ value: 1 }],
      () => [{ value: 0 }],
    ),
})

export const databaseBytes = (bytes: () => number | Promise<number>): Measure => ({
  name: 'docket_database_size_bytes',
  help: 'Size of the database',
  type: 'gauge',
  read: async () => [{ value: await bytes() }],
})

/** The files of a SQLite database, and the room on their disk. */
export const fileMeasures = (path: string): Measure[] => [
  databaseBytes(() => sizeOf(path)),
  gauge('docket_database_log_size_bytes', 'Size of the write-ahead log of SQLite', () =>
    sizeOf(`${path}-wal`),
  ),
  gauge('docket_disk_free_bytes', 'Free room on the disk of the database', () => {
    const { bavail, bsize } = statfsSync(dirname(path))
    return bavail * bsize
  }),
]

const sizeOf = (path: string) => statSync(path, { throwIfNoEntry: false })?.size ?? 0

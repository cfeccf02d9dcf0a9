import { mkdir, open, readFile, rename, rm, type FileHandle } from 'node:fs/promises'
import { join } from 'node:path'
import type { Storage } from '../replica/storage.ts'

/** A log with this much beyond twice what it holds is written again. */
const spareBytes = 64 * 1024

type Changes = Iterable<readonly [name: string, text: string | undefined | null]>

/**
 * Keeps a replica in a folder, for Node: in a log with a line for each save, which is on disk before the save ends. A
 * line that a crash cut off counts as never written.
 */
export function fileStorage(folder: string): Storage {
  const file = join(folder, 'replica.log')
  const kept = new Map<string, string>()
  let log: FileHandle | undefined
  let logBytes = 0
  let keptBytes = 0

  function take(changes: Changes): void {
    for (const [name, text] of changes) {
      keptBytes -= sizeOf(name, kept.get(name))
      if (typeof text === 'string') kept.set(name, text)
      else kept.delete(name)
      keptBytes += sizeOf(name, kept.get(name))
    }
  }

  async function append(line: string): Promise<void> {
    if (!log) return writeAnew()
    try {
      await log.appendFile(line)
      await log.datasync()
      logBytes += line.length
    } catch (error) {
      // Nobody knows how much of the line is there: the next save writes all of it again.
      await leave().catch(() => undefined)
      throw error
    }
  }

  /** Puts a new log in the place of the old one, whole or not at all. */
  async function writeAnew(): Promise<void> {
    await leave()
    await mkdir(folder, { recursive: true, mode: 0o700 })
    const next = await open(`${file}.new`, 'w', 0o600)
    const line = lineOf(kept)
    try {
      await next.writeFile(line)
      await next.sync()
    } finally {
      await next.close()
    }
    await rename(`${file}.new`, file)
    await syncFolder()
    log = await open(file, 'a')
    logBytes = line.length
  }

  async function syncFolder(): Promise<void> {
    const opened = await open(folder, 'r')
    try {
      await opened.sync()
    } finally {
      await opened.close()
    }
  }

  async function leave(): Promise<void> {
    const left = log
    log = undefined
    await left?.close()
  }

  return {
    async load() {
      const text = await readFile(file, 'utf8').catch((error: unknown) => {
        if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return ''
        throw error
      })
      for (const line of text.split('\n').slice(0, -1)) {
        const changes = parse(line)
        if (!changes) break
        take(changes)
      }
      return kept
    },
    async save(changes) {
      take(changes)
      await (logBytes > 2 * keptBytes + spareBytes ? writeAnew() : append(lineOf(changes)))
    },
    async clear() {
      await leave()
      kept.clear()
      keptBytes = 0
      await rm(file, { force: true })
    },
    close: leave,
  }
}

const lineOf = (changes: Changes): string =>
  `${JSON.stringify([...changes].map(([name, text]) => [name, text ?? null]))}\n`

const sizeOf = (name: string, text: string | undefined): number =>
  text === undefined ? 0 : name.length + text.length

function parse(line: string): Changes | undefined {
  try {
    const changes: Changes = JSON.parse(line)
    return changes
  } catch {
    return undefined
  }
}

import { randomUUIDv7 } from 'node:crypto'
import { DatabaseSync, type SQLInputValue, type SQLOutputValue } from 'node:sqlite'
import { generateKeyBetween } from 'fractional-indexing'
import type { Effort } from './extremes.ts'
import { median } from './statistics.ts'

// What SQLite needs to keep a new task, without any server: none that keeps the same rows in it can need less.

/** Times in milliseconds, CPU in microseconds for each task. */
export interface Floor {
  alone: { p50: number; cpuMicros: number }
  /** With many tasks in each commit. */
  togetherMicros: number
}

/** At 64 connections, as in the table of targets, no group commit has more. */
export const tasksTogether = 64

type Row = Record<string, SQLOutputValue>

/** Adds copies of the newest task to a database file that no server has open, as durably as Docket does. */
export function measureFloor(path: string, { seconds, rounds }: Effort): Floor {
  const database = new DatabaseSync(path)
  database.exec('pragma synchronous = full')
  database.exec('pragma temp_store = memory')
  const add = prepareAdd(database)
  const commit = (tasks: number) => {
    database.exec('begin immediate')
    for (let i = 0; i < tasks; i++) add()
    database.exec('commit')
  }
  const measured = { alone: [] as Commits[], together: [] as Commits[] }
  for (let round = 0; round < rounds; round++) {
    measured.alone.push(repeat(() => commit(1), seconds))
    measured.together.push(repeat(() => commit(tasksTogether), seconds))
  }
  database.close()
  const cpuOf = (each: Commits[]) => median(each.map(({ cpuMicros }) => cpuMicros))
  return {
    alone: { p50: median(measured.alone.map(({ p50 }) => p50)), cpuMicros: cpuOf(measured.alone) },
    togetherMicros: cpuOf(measured.together) / tasksTogether,
  }
}

interface Commits {
  p50: number
  cpuMicros: number
}

function repeat(commit: () => void, seconds: number): Commits {
  const times: number[] = []
  const before = process.cpuUsage()
  for (const end = performance.now() + seconds * 1000; performance.now() < end;) {
    const begun = performance.now()
    commit()
    times.push(performance.now() - begun)
  }
  const { user, system } = process.cpuUsage(before)
  return { p50: median(times), cpuMicros: (user + system) / times.length }
}

/** Returns a function that writes the rows of a new task: its own, its change and its labels. */
function prepareAdd(database: DatabaseSync): () => void {
  const find = (text: string, ...values: SQLInputValue[]) => database.prepare(text).all(...values)
  const [change] = find(
    `select * from changes where kind = 'task' and action = 'create' order by at desc limit 1`,
  )
  const { owner_id: owner = null, thing_id: newest = null } = change ?? {}
  const [task] = find('select * from tasks where owner_id = ? and id = ?', owner, newest)
  const labels = find('select * from task_labels where owner_id = ? and task_id = ?', owner, newest)
  const [last] = find('select max(position) as position from tasks where owner_id = ?', owner)
  if (!change || !task || labels.length === 0) throw new Error('there is no new task with labels to copy')

  const takeRevision = database.prepare(
    'update owners set revision = revision + 1 where owner_id = ? returning revision',
  )
  const [insertTask, insertChange, insertLabel] = [
    inserter(database, 'tasks', task),
    inserter(database, 'changes', change),
    inserter(database, 'task_labels', labels[0] ?? {}),
  ]
  let position = String(last?.['position'])
  return () => {
    const revision = Number(takeRevision.get(owner)?.['revision'])
    const id = randomUUIDv7()
    const now = Date.now()
    position = generateKeyBetween(position, null)
    insertTask({ ...task, id, revision, position, created_at: now, updated_at: now })
    insertChange({ ...change, thing_id: id, revision, part_of: revision, at: now })
    for (const label of labels) insertLabel({ ...label, task_id: id, used_in: revision })
  }
}

function inserter(database: DatabaseSync, table: string, row: Row): (row: Row) => void {
  const columns = Object.keys(row)
  const statement = database.prepare(
    `insert into ${table} (${columns.join()}) values (${columns.map(() => '?').join()})`,
  )
  return (values) => void statement.run(...Object.values(values))
}

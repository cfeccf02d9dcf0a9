import { formatInstant } from '../../src/core/dates.ts'
import { newId } from '../../src/core/id.ts'
import { raw, sql } from '../../src/database/database.ts'
import { changeColumns, sessionId, taskColumns, taskRow, userId, type Sizes } from './data.ts'
import type { Engine } from './engine.ts'
import { insert } from './fill.ts'

const rowsInRound = 2000
const rounds = 9

interface Index {
  name: string
  made: string
}

/**
 * Tells what each index costs the insertion of a task with its change: the time of the statements with all
 * indexes, against the time with all but that one.
 * It is time on a core, so that others on the machine count little. The rows go to owners here and there, and are
 * rolled back.
 */
export async function measureIndexes(
  engine: Engine,
  sizes: Sizes,
  print: (text: string) => void,
): Promise<void> {
  const there = await indexesOf(engine)
  const all = await measure()
  print(`A task and its change take ${all.toFixed(0)} µs with all indexes, without the COMMIT.\n`)
  print('| index | µs |')
  print('|---|---:|')
  for (const { name, made } of there) {
    const before = await measure()
    await engine.run(`drop index ${name}`)
    const without = await measure()
    await engine.run(made)
    const cost = (before + (await measure())) / 2 - without
    print(`| ${name} | ${cost.toFixed(1)} |`)
  }

  /** Microseconds for one task and its change; the median of some rounds. */
  async function measure(): Promise<number> {
    const times: number[] = []
    for (let round = 0; round < rounds; round++) times.push(await timeInserts(engine, sizes, round))
    return times.toSorted((a, b) => a - b)[Math.floor(rounds / 2)] ?? 0
  }
}

async function timeInserts(
  { database, busyMicros }: Engine,
  { owners }: Sizes,
  round: number,
): Promise<number> {
  const at = Date.now()
  const rows = Array.from({ length: rowsInRound }, (_, i) => {
    const owner = userId(1 + ((i * 7919 + round * 104_729) % owners))
    const id = newId()
    const revision = 1_000_000 + i
    const title = `Renew the passport ${(i * 7919) % 1000}`
    const [createdAt, dueDate] = [formatInstant(at), i % 2 ? '2027-03-01' : null]
    const task = {
      id,
      title,
      description: '',
      dueDate,
      status: 'incomplete',
      completedAt: null,
      createdAt,
      updatedAt: createdAt,
      revision,
    } as const
    const fields = JSON.stringify({ title: [null, title] })
    return {
      task: taskRow(owner, task, null),
      change: [owner, revision, at, 'task', id, 'create', fields, sessionId, 'request', revision],
    }
  })
  let micros = 0
  const undone = new Error('rolled back')
  const inserted = database.transaction(async (tx) => {
    const begun = await busyMicros(tx)
    await insert(
      tx,
      'tasks',
      taskColumns,
      rows.map(({ task }) => task),
    )
    await insert(
      tx,
      'changes',
      changeColumns,
      rows.map(({ change }) => change),
    )
    micros = ((await busyMicros(tx)) - begun) / rowsInRound
    throw undone
  })
  await inserted.catch((error: unknown) => {
    if (error !== undone) throw error
  })
  return micros
}

function indexesOf({ database, isPostgres }: Engine): Promise<Index[]> {
  const tables = raw(`('tasks', 'changes')`)
  return database.query<Index>(
    isPostgres
      ? sql`
        select indexname as name, indexdef as made from pg_indexes
        where schemaname = current_schema() and tablename in ${tables} and indexname not like '%_pkey' order by 1`
      : sql`select name, sql as made from sqlite_schema where type = 'index' and sql is not null and tbl_name in ${tables} order by 1`,
  )
}

import { formatInstant } from '../../src/core/dates.ts'
import { newId } from '../../src/core/id.ts'
import { raw, sql } from '../../src/database/database.ts'
import { insertChanges } from '../../src/revisions/store.ts'
import { keepLabels } from '../../src/tasks/labels-store.ts'
import { model } from '../../src/tasks/tasks.ts'
import { saveRow } from '../../src/things/store.ts'
import { sessionId, userId, type Sizes } from './data.ts'
import type { Engine } from './engine.ts'
import { labels, positionOf, priorityOf, projectIdOf } from './organised.ts'

const rowsInRound = 500
const rounds = 15
const labelsOfEach = [labels.common, labels.alsoCommon, labels.rare]

interface Index {
  name: string
  definition: string
}

/**
 * Prints what each index adds to the insertion of a task with its change and its labels, and what the rows of the
 * labels add. It drops one index after another and
 * measures how much faster the insertion becomes; in the end it creates all of them again. It measures CPU time,
 * on which other processes have little effect. The rows belong to many owners and are rolled back.
 */
export async function measureIndexes(
  engine: Engine,
  sizes: Sizes,
  print: (text: string) => void,
): Promise<void> {
  const indexes = await indexesOf(engine)
  let before = await measure()
  print(
    `A task, its change and its ${labelsOfEach.length} labels take ${before.toFixed(0)} µs with all indexes, without the COMMIT.\n`,
  )
  print('| index | µs |')
  print('|---|---:|')
  for (const { name } of indexes) {
    await engine.run(`drop index ${name}`)
    const without = await measure()
    print(`| ${name} | ${(before - without).toFixed(1)} |`)
    before = without
  }
  const withoutLabels = await measure(false)
  print(`| the rows of ${labelsOfEach.length} labels | ${(before - withoutLabels).toFixed(1)} |`)
  before = withoutLabels
  print(`| none of these | ${before.toFixed(0)} |`)
  await engine.run(...indexes.map(({ definition }) => definition))

  /** Microseconds for one task and its change, and perhaps its labels; the median of the rounds. */
  async function measure(areLabelled = true): Promise<number> {
    const times: number[] = []
    for (let round = 0; round < rounds; round++)
      times.push(await timeInserts(engine, sizes, round, areLabelled))
    return times.toSorted((a, b) => a - b)[Math.floor(rounds / 2)] ?? 0
  }
}

async function timeInserts(
  { database, busyMicros }: Engine,
  { owners }: Sizes,
  round: number,
  areLabelled: boolean,
): Promise<number> {
  const at = Date.now()
  const rows = Array.from({ length: rowsInRound }, (_, i) => {
    const owner = 1 + ((i * 7919 + round * 104_729) % owners)
    const ownerId = userId(owner)
    const revision = 1_000_000 + i
    const [createdAt, dueDate] = [formatInstant(at), i % 2 ? '2027-03-01' : null]
    const fields = model.complete({
      title: `Renew the passport ${(i * 7919) % 1000}`,
      dueDate,
      priority: priorityOf(i),
      labels: labelsOfEach,
      projectId: projectIdOf(i, owner),
      position: positionOf(i, i, rowsInRound),
    })
    const stamps = { id: newId(), createdAt, updatedAt: createdAt, revision }
    const task = model.assemble(fields, undefined, stamps)
    const what = {
      kind: 'task',
      thingId: task.id,
      action: 'create',
      previous: null,
      replaced: null,
      credentialId: sessionId,
      isToken: 0,
      origin: 'request',
    }
    return {
      task,
      change: { ownerId, revision, at, ...what, partOf: revision, fields: JSON.stringify(fields) },
    }
  })
  let micros = 0
  const undone = new Error('rolled back')
  const inserted = database.transaction(async (tx) => {
    const begun = await busyMicros(tx)
    for (const { task, change } of rows) {
      await insertChanges(tx, [change])
      await saveRow(tx, model.table, change.ownerId, model.toRow(task))
      if (areLabelled) await keepLabels(tx, change.ownerId, undefined, task)
    }
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
        select indexname as name, indexdef as definition from pg_indexes
        where schemaname = current_schema() and tablename in ${tables} and indexname not like '%_pkey' order by 1`
      : sql`select name, sql as definition from sqlite_schema where type = 'index' and sql is not null and tbl_name in ${tables} order by 1`,
  )
}

import { formatInstant } from '../../src/core/dates.ts'
import { newId } from '../../src/core/id.ts'
import { raw, sql } from '../../src/database/database.ts'
import { insertChanges } from '../../src/revisions/store.ts'
import { keepLabels } from '../../src/tasks/labels-store.ts'
import { model } from '../../src/tasks/tasks.ts'
import { saveRow } from '../../src/things/store.ts'
import { sessionId, userId, type Sizes } from './data.ts'
import { median } from '../statistics.ts'
import type { Engine } from './engine.ts'
import { labels, positionOf, priorityOf, projectIdOf } from './organised.ts'

const rowsInRound = 500
const rounds = 15
const labelsOfEach = [labels.common, labels.alsoCommon, labels.rare]

/**
 * Prints what each index adds to the insertion of a task with its change and its labels, and what the rows of the
 * labels add. Each round inserts rows of many owners twice, with the index and without it, and is rolled back, the
 * index with it. It measures CPU time, on which other processes have little effect.
 */
export async function measureIndexes(
  engine: Engine,
  sizes: Sizes,
  print: (text: string) => void,
): Promise<void> {
  const names = (await indexesOf(engine)).map(({ name }) => name)
  const whole = { dropped: [], areLabelled: true }
  const parts: [string, Setting][] = [
    ...names.map((name): [string, Setting] => [`\`${name}\``, { ...whole, dropped: [name] }]),
    [`the rows of ${labelsOfEach.length} labels`, { ...whole, areLabelled: false }],
    ['all of these', { dropped: names, areLabelled: false }],
  ]
  print('| index | µs | ± |')
  print('|---|---:|---:|')
  const all: number[] = []
  for (const [name, without] of parts) {
    const costs: number[] = []
    for (let round = 0; round < rounds; round++) {
      const before = await timeInserts(engine, sizes, round, whole)
      costs.push(before - (await timeInserts(engine, sizes, round, without)))
      all.push(before)
    }
    print(`| ${name} | ${median(costs).toFixed(0)} | ${halfSpread(costs).toFixed(0)} |`)
  }
  print(
    `| a task, its change and its labels, in all | ${median(all).toFixed(0)} | ${halfSpread(all).toFixed(0)} |`,
  )
}

/** What a round does without. */
interface Setting {
  dropped: string[]
  areLabelled: boolean
}

/** The middle half of the figures lies within this distance of their median. */
function halfSpread(figures: number[]): number {
  const sorted = figures.toSorted((a, b) => a - b)
  const at = (part: number) => sorted[Math.floor(part * (sorted.length - 1))] ?? 0
  return (at(0.75) - at(0.25)) / 2
}

/** CPU time of one insertion in microseconds. */
async function timeInserts(
  { database, busyMicros }: Engine,
  { owners }: Sizes,
  round: number,
  { dropped, areLabelled }: Setting,
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
    for (const name of dropped) await tx.query(raw(`drop index ${name}`))
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

function indexesOf({ database, isPostgres }: Engine): Promise<{ name: string }[]> {
  const tables = raw(`('tasks', 'changes')`)
  return database.query(
    isPostgres
      ? sql`
        select indexname as name from pg_indexes
        where schemaname = current_schema() and tablename in ${tables} and indexname not like '%_pkey' order by 1`
      : sql`select name from sqlite_schema where type = 'index' and sql is not null and tbl_name in ${tables} order by 1`,
  )
}

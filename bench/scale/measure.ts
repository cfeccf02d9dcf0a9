import { setImmediate as nextTurn } from 'node:timers/promises'
import { sortKeys } from '../../src/tasks/schema.ts'
import { userId, type Sizes } from './data.ts'
import type { Engine } from './engine.ts'
import { explain, type PlanSummary } from './plan.ts'
import { findPlaces } from './places.ts'
import { deepPage, reads, readById, writes, type Operation } from './queries.ts'

const longestMs = 4000
const fewestRuns = 20
const ownersInTurn = 500

/** Prints a table of each query's plan and times, for the heavy owner and for the others in turn. */
export async function measureQueries(
  engine: Engine,
  sizes: Sizes,
  runs: number,
  now: number,
  print: (text: string) => void,
): Promise<void> {
  const { database } = engine
  const heavy = userId(0)
  const others = Array.from({ length: Math.min(ownersInTurn, sizes.owners) }, (_, i) =>
    userId(1 + i * Math.floor(sizes.owners / ownersInTurn || 1)),
  )
  const placesOf = await findPlaces(database, [heavy, ...others])
  const deep: Operation[] = []
  for (const sort of sortKeys.flatMap((key) => [`-${key}`, key]).concat('dueDate,-createdAt')) {
    deep.push(await deepPage(database, heavy, sort, now))
  }
  deep.push(await deepPage(database, heavy, 'dueDate', now, 0.75)) // among those without a due date
  print('| query | plan | sorts | rows read | p50 | p99 | p50 for the others | p99 for the others |')
  print('|---|---|---|---:|---:|---:|---:|---:|')
  const operations = [
    await readById(database, [heavy, ...others], now),
    ...reads(placesOf, now),
    ...deep,
    ...writes(placesOf, Date.now),
  ]
  for (const operation of operations) {
    const plans = operation.isWrite ? [] : await explain(engine, (db) => operation.run(db, heavy, 1))
    const own = await time(operation, () => heavy)
    const theirs = deep.includes(operation)
      ? undefined
      : await time(operation, (i) => others[i % others.length] ?? '')
    print(row([operation.name, ...words(plans), ...own, ...(theirs ?? ['', ''])]))
  }

  /** The median and the 99th percentile in milliseconds. */
  async function time({ run }: Operation, ownerOf: (i: number) => string): Promise<[string, string]> {
    const times: number[] = []
    let total = 0
    for (let i = 0; i < 5; i++) await run(database, ownerOf(i), i)
    for (let i = 0; i < runs && (total < longestMs || i < fewestRuns); i++) {
      await nextTurn() // ends SQLite's read snapshot, as between two requests
      const begun = performance.now()
      await run(database, ownerOf(i), i)
      times.push(performance.now() - begun)
      total += times.at(-1) ?? 0
    }
    times.sort((a, b) => a - b)
    return [percentile(times, 0.5), percentile(times, 0.99)]
  }
}

function percentile(sorted: number[], part: number): string {
  const ms = sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? 0
  return ms.toFixed(ms < 10 ? 2 : 0)
}

function words(plans: PlanSummary[]): [string, string, string] {
  const rows = plans.reduce((sum, plan) => sum + (plan.rows ?? Number.NaN), 0)
  return [
    [...new Set(plans.map(({ path }) => path))].join(', then '),
    plans.some(({ sorts }) => sorts) ? 'yes' : '',
    plans.length === 0 || Number.isNaN(rows) ? '' : rows.toLocaleString('en'),
  ]
}

const row = (cells: string[]) => `| ${cells.join(' | ')} |`

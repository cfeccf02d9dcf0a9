import { setImmediate as nextTurn } from 'node:timers/promises'
import { sortKeys } from '../../src/tasks/schema.ts'
import { userId, type Sizes } from './data.ts'
import type { Engine } from './engine.ts'
import { explain, type PlanSummary } from './plan.ts'
import { deepQuestion, questions, readQuestion, writeQuestions, type Question } from './queries.ts'

const longestMs = 4000
const fewestRuns = 20
const ownersInTurn = 500

/** Tells as a table how each query is answered, and how fast: for the heavy owner, and for others in turn. */
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
  const deep: Question[] = []
  for (const sort of sortKeys.flatMap((key) => [`-${key}`, key]).concat('dueDate,-createdAt')) {
    deep.push(await deepQuestion(database, heavy, sort, now))
  }
  deep.push(await deepQuestion(database, heavy, 'dueDate', now, 0.75)) // among those without a due date
  print('| query | how | sorts | rows read | p50 | p99 | p50 for the others | p99 for the others |')
  print('|---|---|---|---:|---:|---:|---:|---:|')
  const asked = [
    await readQuestion(database, [heavy, ...others], now),
    ...questions(now),
    ...deep,
    ...writeQuestions(Date.now),
  ]
  for (const question of asked) {
    const plans = question.isWrite ? [] : await explain(engine, (db) => question.ask(db, heavy, 1))
    const own = await time(question, () => heavy)
    const theirs = deep.includes(question)
      ? undefined
      : await time(question, (i) => others[i % others.length] ?? '')
    print(row([question.name, ...words(plans), ...own, ...(theirs ?? ['', ''])]))
  }

  /** The median and the 99th percentile in milliseconds. */
  async function time({ ask }: Question, ownerOf: (i: number) => string): Promise<[string, string]> {
    const times: number[] = []
    let total = 0
    for (let i = 0; i < 5; i++) await ask(database, ownerOf(i), i)
    for (let i = 0; i < runs && (total < longestMs || i < fewestRuns); i++) {
      await nextTurn() // where SQLite's snapshot ends, as between two requests
      const begun = performance.now()
      await ask(database, ownerOf(i), i)
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
    plans.map(({ path }) => path).join(', then '),
    plans.some(({ sorts }) => sorts) ? 'yes' : '',
    plans.length === 0 || Number.isNaN(rows) ? '' : rows.toLocaleString('en'),
  ]
}

const row = (cells: string[]) => `| ${cells.join(' | ')} |`

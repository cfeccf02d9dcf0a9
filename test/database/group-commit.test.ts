import assert from 'node:assert/strict'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { AppError } from '../../src/core/errors.ts'
import { sql, type Transaction } from '../../src/database/database.ts'
import { createGroupCommit } from '../../src/database/group-commit.ts'
import { openConnection, type SqliteConnection } from '../../src/database/sqlite-connection.ts'
import { temporaryFolder } from '../process.ts'

type Verb = (tx: Transaction) => Promise<unknown>

/** A group commit on a table of words. `events` records in order what it did. */
function words(t: TestContext) {
  const connection = openConnection(join(temporaryFolder(t), 'words.db'), 0)
  const faults = { rollback: false }
  const writer: SqliteConnection = {
    ...connection,
    get inTransaction() {
      return connection.inTransaction
    },
    exec(text) {
      if (faults.rollback && text === 'rollback') throw new Error('planted')
      connection.exec(text)
    },
  }
  t.after(() => writer.close())
  writer.exec('create table words (word text primary key)')
  writer.exec('create table uses (word text references words (word) deferrable initially deferred)')
  const events: string[] = []
  const commits = createGroupCommit(
    writer,
    () => events.push('committed'),
    async () => void events.push('between'),
    (owner) => events.push(`moved ${owner}`),
  )
  const add = (word: string, then: Verb = async () => undefined) =>
    commits.transaction(async (tx) => {
      await tx.query(sql`insert into words (word) values (${word})`)
      await then(tx)
      return word
    })
  const all = () =>
    writer.all<{ word: string }>(sql`select word from words order by word`).map(({ word }) => word)
  return { commits, events, add, all, faults }
}

test('verbs that arrive together share one transaction, and a later verb gets its own', async (t) => {
  const { add, all, events } = words(t)

  const answers = await Promise.all(['a', 'b', 'c'].map((word) => add(word)))
  await add('d')

  assert.deepEqual(answers, ['a', 'b', 'c'])
  assert.deepEqual(all(), ['a', 'b', 'c', 'd'])
  assert.deepEqual(events, ['committed', 'between', 'committed'])
})

test('a verb resolves after its commit, and its owner is announced after the commit too', async (t) => {
  const { add, events } = words(t)

  const resolved = add('a', (tx) => tx.announce('alice')).then(() => events.push('resolved'))
  await resolved

  assert.equal(events[0], 'committed')
  assert.deepEqual(events.toSorted(compare), ['committed', 'moved alice', 'resolved'])
})

test('a verb that throws rolls back only itself and announces no owner', async (t) => {
  const { add, all, events } = words(t)
  const fail = async (tx: Transaction) => {
    await tx.announce('bob')
    throw new Error('a rule does not hold')
  }

  const outcomes = await Promise.allSettled([add('a'), add('b', fail), add('c'), add('a')])

  assert.deepEqual(
    outcomes.map(({ status }) => status),
    ['fulfilled', 'rejected', 'fulfilled', 'rejected'],
  )
  assert.match(reasonOf(outcomes[1]), /a rule does not hold/)
  assert.match(reasonOf(outcomes[3]), /UNIQUE constraint failed/)
  assert.deepEqual(all(), ['a', 'c'])
  assert.deepEqual(events, ['committed'])
})

test('the verbs beside one that throws run again only if it had written', async (t) => {
  const { add, commits, all } = words(t)
  const runs: string[] = []
  const noted = (word: string, then?: Verb) =>
    add(word, async (tx) => {
      runs.push(word)
      await then?.(tx)
    })
  const fail = async () => {
    throw new Error('a rule does not hold')
  }

  await Promise.allSettled([noted('a'), noted('b'), commits.transaction(fail)])
  assert.deepEqual(runs.splice(0), ['a', 'b'])

  await Promise.allSettled([noted('c'), noted('d', fail), noted('e', fail), noted('f')])
  assert.deepEqual(runs, ['c', 'd', 'c', 'd', 'e', 'f'])
  assert.deepEqual(all(), ['a', 'b', 'c', 'f'])
})

test('if the COMMIT fails, all of its verbs fail, and later verbs succeed', async (t) => {
  const { add, all, events } = words(t)
  const useNothing = (tx: Transaction) => tx.query(sql`insert into uses (word) values ('nothing')`)

  const outcomes = await Promise.allSettled([
    add('a', (tx) => tx.announce('alice')),
    add('b', useNothing), // a deferred reference is checked at COMMIT
    add('c'),
  ])

  for (const outcome of outcomes) assert.match(reasonOf(outcome), /FOREIGN KEY constraint failed/)
  assert.deepEqual(all(), [])
  assert.ok(!events.includes('moved alice'))
  assert.equal(await add('d'), 'd')
  assert.deepEqual(all(), ['d'])
})

test('if ROLLBACK fails, every verb is answered with unavailable until it succeeds', async (t) => {
  const { commits, add, all, faults } = words(t)
  const fail = async () => {
    throw new Error('a rule does not hold')
  }
  await add('a')
  assert.equal(commits.isStuck(), false)

  faults.rollback = true
  const batch = [add('b'), add('c', fail), add('d')]
  const queued = Array.from({ length: 300 }, (_, i) => add(`queued ${i}`)) // more than one batch
  const outcomes = await Promise.allSettled([...batch, ...queued])
  const later = await Promise.allSettled([add('e')])

  for (const outcome of [...outcomes, ...later]) assert.ok(isRefused(outcome, 'unavailable'))
  assert.equal(commits.isStuck(), true)

  faults.rollback = false
  assert.equal(await add('f'), 'f')
  assert.equal(commits.isStuck(), false)
  assert.deepEqual(all(), ['a', 'f'], 'what could not be undone is not committed with what comes after')
})

test('if both COMMIT and ROLLBACK fail, nothing of the batch is kept', async (t) => {
  const { add, all, faults } = words(t)
  const useNothing = (tx: Transaction) => tx.query(sql`insert into uses (word) values ('nothing')`)

  faults.rollback = true
  const outcomes = await Promise.allSettled([add('a'), add('b', useNothing)])
  faults.rollback = false

  for (const outcome of outcomes) assert.ok(isRefused(outcome, 'unavailable'))
  assert.equal(await add('c'), 'c')
  assert.deepEqual(all(), ['c'])
})

test('close ends even if ROLLBACK fails', async (t) => {
  const { commits, add, faults } = words(t)
  faults.rollback = true
  const failing = add('a', async () => {
    throw new Error('a rule does not hold')
  })
  const [outcome] = await Promise.allSettled([failing, commits.close()])
  assert.ok(isRefused(outcome, 'unavailable'))
})

test('a verb that awaits something other than its transaction fails after a second per run, and the others succeed', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] })
  const { add, all } = words(t)
  const runs = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
  const waiting = runs.map(({ promise }) => promise)
  const never = Promise.withResolvers<void>()
  let late: Promise<unknown> | undefined

  const outcomes = Promise.allSettled([
    add('a'),
    add('b', async (tx) => {
      runs.shift()?.resolve()
      await never.promise
      late = tx.query(sql`insert into words (word) values ('late')`)
      await late
    }),
    add('c'),
  ])
  for (const run of waiting) {
    await run
    t.mock.timers.tick(1000)
  }
  const [first, second, third] = await outcomes
  never.resolve()
  await new Promise((resolve) => setImmediate(resolve))

  assert.match(reasonOf(second), /awaited something other than its own statements/)
  assert.deepEqual([first.status, third.status], ['fulfilled', 'fulfilled'])
  assert.ok(late)
  await assert.rejects(late, /used after its end/)
  assert.deepEqual(all(), ['a', 'c'])
})

test('a transaction used after its end throws and writes nothing', async (t) => {
  const { commits, all } = words(t)
  const tx = await commits.transaction(async (leaked) => ({ leaked }))

  await assert.rejects(tx.leaked.query(sql`insert into words (word) values ('late')`), /used after its end/)
  await assert.rejects(tx.leaked.first(sql`select word from words`), /used after its end/)
  assert.deepEqual(all(), [])
})

test('close finishes queued verbs and refuses later ones', async (t) => {
  const { commits, add, all } = words(t)

  const before = add('a')
  const closed = commits.close()
  const after = add('b')

  await assert.rejects(after, isRefusal('unavailable'))
  await closed
  assert.equal(await before, 'a')
  assert.deepEqual(all(), ['a'])
})

test('verbs beyond the queue limit are refused, and the verbs before them are committed', async (t) => {
  const { add, all, events } = words(t)

  const outcomes = await Promise.allSettled(Array.from({ length: 2100 }, (_, i) => add(`word ${i}`)))

  const refused = outcomes.filter(({ status }) => status === 'rejected')
  assert.ok(refused.length > 0)
  for (const { reason } of refused as PromiseRejectedResult[]) assert.ok(isRefusal('overloaded')(reason))
  assert.equal(all().length, outcomes.length - refused.length)
  assert.equal(events.filter((event) => event === 'committed').length, 8, 'in groups of 256')
})

const compare = (a: string, b: string) => (a < b ? -1 : 1)

const reasonOf = (outcome: PromiseSettledResult<unknown> | undefined) =>
  outcome?.status === 'rejected' ? String(outcome.reason) : assert.fail('it was fulfilled')

const isRefusal = (slug: string) => (error: unknown) =>
  error instanceof AppError && error.slug === slug && Number(error.hints.retryAfterSeconds) > 0

const isRefused = (outcome: PromiseSettledResult<unknown>, slug: string) =>
  outcome.status === 'rejected' && isRefusal(slug)(outcome.reason)

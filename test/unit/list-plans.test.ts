import assert from 'node:assert/strict'
import { join } from 'node:path'
import { test } from 'node:test'
import type { Position } from '../../src/core/cursor.ts'
import { isPlannedEachTime, sql, type Queryable, type Sql } from '../../src/database/database.ts'
import { migrateSqlite, openSqlite } from '../../src/database/sqlite.ts'
import { readFilter, readSort } from '../../src/tasks/filter.ts'
import { countTasks, findTasks } from '../../src/tasks/list-store.ts'
import { sorts, type ListQuery } from '../../src/tasks/schema.ts'
import { temporaryFolder } from '../process.ts'

// What page 10,000 costs is decided by the plan: SQLite tells it without a row in the table, and
// `npm run bench:scale` shows it, on both engines, with a million.

const id = '019aa8b2-6f3e-7c41-9d3a-5b1f0c2d7e11'

interface Row {
  query: ListQuery
  after: Position
  index: RegExp
}

/** Both directions of every sort there is; what is null in its first key is read by primary key. */
const sorted: Row[] = [...sorts].flatMap(([key, { column, isNullable }]) =>
  ['', '-'].flatMap((sign) => {
    const beyond = sign === '-' ? '<' : '>'
    const row = {
      query: { sort: `${sign}${key}` },
      after: [1, id],
      index: new RegExp(String.raw`USING INDEX \w+ \(owner_id=\? AND .*\(${column},id\)${beyond}\(\?,\?\)\)`),
    }
    const nulls = {
      ...row,
      after: [null, id],
      index: new RegExp(String.raw`PRIMARY KEY \(owner_id=\? AND id${beyond}\?\)`),
    }
    return isNullable ? [row, nulls] : [row]
  }),
)

const rows: Row[] = [
  ...sorted,
  { query: {}, after: [1, id], index: /tasks_by_creation \(owner_id=\? AND \(created_at,id\)<\(\?,\?\)\)/ },
  {
    query: { status: 'incomplete', sort: 'dueDate' },
    after: [1, id],
    index: /tasks_by_due_date .*\(due_order,id\)>/,
  },
  { query: { sort: 'position' }, after: ['a0', id], index: /tasks_by_position .*\(position,id\)>/ },
  { query: { sort: '-priority' }, after: [1, id], index: /tasks_by_priority .*\(priority_rank,id\)</ },
  ...['', '-'].flatMap((sign) => {
    const order = (index: string, column: string) =>
      new RegExp(
        String.raw`${index} \(owner_id=\? AND ${column}=\? AND \(position,id\)${sign ? '<' : '>'}\(\?,\?\)\)`,
      )
    const sort = `${sign}position`
    const after = ['a0', id]
    return [
      { query: { project: id, sort }, after, index: order('tasks_by_project', 'project_id') },
      { query: { project: 'none', sort }, after, index: order('tasks_by_project', 'project_id') },
      { query: { parent: id, sort }, after, index: order('tasks_by_parent', 'parent_id') },
    ]
  }),
  // Ranges that leave many tasks.
  { query: { due: 'upcoming' }, after: [1, id], index: /tasks_by_creation .*\(created_at,id\)</ },
  { query: { due: 'overdue', sort: 'title' }, after: ['a', id], index: /tasks_by_title .*\(title_key,id\)>/ },
  { query: { updatedFrom: '2026-11-27' }, after: [1, id], index: /tasks_by_creation .*\(created_at,id\)</ },
  { query: { deleted: true }, after: [1, id], index: /tasks_in_trash .*\(created_at,id\)</ },
]

test('a page of a list is a walk along an index, wherever in the list it is', async (t) => {
  const path = join(temporaryFolder(t), 'docket.db')
  migrateSqlite(path)
  const database = openSqlite(path)
  t.after(database.close)

  for (const { query, after, index } of rows) {
    await t.test(`${JSON.stringify(query)} after ${JSON.stringify(after)}`, async () => {
      for (const position of [undefined, after]) {
        const plans = await plansOf(database, query, position)
        assert.doesNotMatch(plans.join(), /TEMP B-TREE|SCAN/)
        if (position) assert.match(plans[0] ?? '', index)
      }
    })
  }
})

test('a search looks through an index of texts, and reads the tasks that it finds by their ids', async (t) => {
  const path = join(temporaryFolder(t), 'docket.db')
  migrateSqlite(path)
  const database = openSqlite(path)
  t.after(database.close)

  const plans: string[] = []
  const looked = [
    { tasks: 1000, last: id, found: id },
    { tasks: 7, last: id, found: null },
  ]
  const recording: Queryable = {
    query: async (statement: Sql) => {
      plans.push(await planOf(database, statement))
      return []
    },
    first: async <One>(statement: Sql) => {
      plans.push(await planOf(database, statement))
      return looked.shift() as One
    },
  }
  const filter = readFilter({ q: 'passport', due: 'none' }, 'UTC', 0)
  await findTasks(recording, id, filter, readSort('title'), undefined, 50)
  const [near, first, found, second, ...more] = plans
  assert.match(near ?? '', /tasks_by_title/)
  for (const range of [first, second])
    assert.match(range ?? '', /COVERING INDEX tasks_by_text \(owner_id=\? AND id>\?\)/)
  assert.match(found ?? '', /PRIMARY KEY \(owner_id=\? AND id=\?\)/)
  assert.deepEqual(more, [])
})

const counted: ListQuery[] = [
  {},
  { status: 'incomplete' },
  { status: 'complete,cancelled' },
  { priority: 'high' },
  { due: 'overdue' },
  { due: 'today' },
  { due: 'upcoming' },
  { createdFrom: '2026-11-27' },
  { updatedFrom: '2026-11-27' },
  { completedFrom: '2026-11-27' },
  { project: id },
  { project: 'none' },
]

test('a count by one filter reads an index, and no task', async (t) => {
  const path = join(temporaryFolder(t), 'docket.db')
  migrateSqlite(path)
  const database = openSqlite(path)
  t.after(database.close)

  for (const query of counted) {
    await t.test(JSON.stringify(query), async () => {
      const plans: string[] = []
      const recording: Queryable = {
        ...database,
        first: async <One>(statement: Sql) => {
          plans.push(await planOf(database, statement))
          return database.first<One>(statement)
        },
      }
      await countTasks(recording, id, readFilter(query, 'UTC', 0))
      assert.equal(plans.length, 1)
      assert.match(plans[0] ?? '', /^SEARCH tasks USING COVERING INDEX/)
    })
  }
})

test('a list that another index could serve is planned for its values, and no other', async () => {
  const isPlanned = async (query: ListQuery): Promise<boolean> => {
    const marks: boolean[] = []
    const recording: Queryable = {
      query: async <One>(statement: Sql) => {
        if (statement.sql.startsWith('select found_id')) return Array.from({ length: 501 }, () => ({}) as One)
        marks.push(isPlannedEachTime(statement))
        return []
      },
      first: async <One>() => ({ found: 501 }) as One,
    }
    await findTasks(recording, id, readFilter(query, 'UTC', 0), readSort(query.sort), undefined, 50)
    assert.ok(marks.length > 0)
    return marks.includes(true)
  }
  const planned: ListQuery[] = [
    { project: id },
    { parent: 'none' },
    { due: 'upcoming' },
    { updatedFrom: '2026-11-27' },
  ]
  const kept: ListQuery[] = [
    {},
    { createdFrom: '2026-11-27' },
    { project: id, sort: 'position' },
    { status: 'incomplete' },
    { priority: 'high' },
    { deleted: true },
  ]
  for (const query of planned) assert.ok(await isPlanned(query), JSON.stringify(query))
  for (const query of kept) assert.ok(!(await isPlanned(query)), JSON.stringify(query))
})

/** How SQLite goes about each statement of a list. */
async function plansOf(
  database: Queryable,
  query: ListQuery,
  after: Position | undefined,
): Promise<string[]> {
  const statements: Sql[] = []
  const recording: Queryable = {
    ...database,
    query: async <One>(statement: Sql) => {
      // As if every filter left many tasks: few of them are sorted.
      if (statement.sql.startsWith('select found_id')) return Array.from({ length: 501 }, () => ({}) as One)
      statements.push(statement)
      return database.query<One>(statement)
    },
    first: async <One>(statement: Sql) => {
      assert.match(statement.sql, /^\s*select count\(\*\) as found/)
      assert.match(await planOf(database, statement), /USING COVERING INDEX/)
      return { found: 501 } as One
    },
  }
  await findTasks(recording, id, readFilter(query, 'UTC', 0), readSort(query.sort), after, 50)
  return Promise.all(statements.map((statement) => planOf(database, statement)))
}

async function planOf(database: Queryable, statement: Sql): Promise<string> {
  const steps = await database.query<{ detail: string }>(sql`explain query plan ${statement}`)
  return steps.map(({ detail }) => detail).join('\n')
}

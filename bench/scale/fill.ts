import { hashPassword } from '../../src/accounts/passwords.ts'
import { join, raw, sql, type Database, type Queryable } from '../../src/database/database.ts'
import {
  changeColumns,
  emailOf,
  planRows,
  taskColumns,
  userId,
  type Plan,
  type Sizes,
  type Value,
} from './data.ts'
import { labelColumns, projectColumns } from './organised.ts'

/** Everyone's password. */
export const password = 'correct horse battery staple'

const rowsInStatement = 250
const eventsInTransaction = 25_000
const ownersInTransaction = 1000

/** Fills an empty database with SQL, with the rows that a server would have left. */
export async function fill(
  database: Database,
  sizes: Sizes,
  now: number,
  byOwner: boolean,
  progress: (done: number, total: number) => void,
): Promise<void> {
  const plan = planRows(sizes, now, byOwner)
  const hash = await hashPassword(password)
  await database.transaction((tx) => insertOwners(tx, plan, hash, now - 366 * 86_400_000))
  for (let from = 0; from <= sizes.owners; from += ownersInTransaction) {
    const until = Math.min(from + ownersInTransaction, sizes.owners + 1)
    await database.transaction((tx) => insertProjects(tx, plan, from, until))
  }
  for (let from = 0; from < plan.events; from += eventsInTransaction) {
    const until = Math.min(from + eventsInTransaction, plan.events)
    await database.transaction((tx) => insertEvents(tx, plan, from, until))
    progress(until, plan.events)
  }
}

async function insertOwners(tx: Queryable, { revisions }: Plan, hash: string, at: number): Promise<void> {
  const owners = [...revisions].map((revision, owner) => ({ id: userId(owner), owner, revision }))
  await insert(
    tx,
    'users',
    'id, email, password_hash, created_at',
    owners.map(({ id, owner }) => [id, emailOf(owner), hash, at]),
  )
  await insert(
    tx,
    'owners',
    'owner_id, name, time_zone, revision',
    owners.map(({ id, revision }) => [id, '', 'Europe/Berlin', revision]),
  )
}

async function insertProjects(tx: Queryable, plan: Plan, from: number, until: number): Promise<void> {
  const rows = Array.from({ length: until - from }, (_, i) => plan.projectRowsOf(from + i)).flat()
  await insert(
    tx,
    'projects',
    projectColumns,
    rows.map(({ project }) => project),
  )
  await insert(
    tx,
    'changes',
    changeColumns,
    rows.map(({ change }) => change),
  )
}

async function insertEvents(tx: Queryable, plan: Plan, from: number, until: number): Promise<void> {
  const rows = Array.from({ length: until - from }, (_, i) => plan.rowsOf(from + i))
  await insert(
    tx,
    'tasks',
    taskColumns,
    rows.flatMap(({ task }) => (task ? [task] : [])),
  )
  await insert(
    tx,
    'task_labels',
    labelColumns,
    rows.flatMap(({ labels }) => labels),
  )
  await insert(
    tx,
    'changes',
    changeColumns,
    rows.map(({ change }) => change),
  )
}

/** Inserts rows, many in a statement. */
export async function insert(tx: Queryable, table: string, columns: string, rows: Value[][]): Promise<void> {
  for (let i = 0; i < rows.length; i += rowsInStatement) {
    const values = rows.slice(i, i + rowsInStatement).map((row) => sql`(${join(row)})`)
    await tx.query(sql`insert into ${raw(table)} (${raw(columns)}) values ${join(values)}`)
  }
}

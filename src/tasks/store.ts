import { endOfDayUtc, formatInstant, parseInstant } from '../core/dates.ts'
import { join, sql, type Queryable, type Sql } from '../database/database.ts'
import { statuses, type Task, type TaskFields, type Status } from './schema.ts'

/** A task as stored: instants are epoch milliseconds, and a due date is either a date or an instant. */
export interface TaskRow {
  id: string
  title: string
  description: string
  dueDate: string | null
  dueAt: number | null
  status: Status
  completedAt: number | null
  createdAt: number
  updatedAt: number
  revision: number
}

export const taskColumns = sql`id, title, description, due_date as "dueDate", due_at as "dueAt", status,
  completed_at as "completedAt", created_at as "createdAt", updated_at as "updatedAt", revision`

/** A row as the client reads it. */
export function toTask(row: TaskRow): Task {
  return {
    id: row.id,
    title: row.title,
    description: row.description,
    dueDate: row.dueAt === null ? row.dueDate : formatInstant(row.dueAt),
    status: row.status,
    completedAt: row.completedAt === null ? null : formatInstant(row.completedAt),
    createdAt: formatInstant(row.createdAt),
    updatedAt: formatInstant(row.updatedAt),
    revision: row.revision,
  }
}

/** A task that is there. */
export const findTask = finder(sql`deleted_at is null`)

/** A task, be it in the trash; not one that was erased. */
export const findKeptTask = finder(sql`purged_at is null`)

/** A task in the trash; not one that was erased. */
export const findDeletedTask = finder(sql`deleted_at is not null and purged_at is null`)

/** What a task that is gone left, in the trash or erased. */
export const findTombstone = finder(sql`deleted_at is not null`)

type Find = (db: Queryable, ownerId: string, id: string) => Promise<Task | undefined>

function finder(isMeant: Sql): Find {
  return async (db, ownerId, id) => {
    const row = await db.first<TaskRow>(sql`
      select ${taskColumns} from tasks where owner_id = ${ownerId} and id = ${id} and ${isMeant}`)
    return row && toTask(row)
  }
}

/** Writes all of a task that is not there: new, or back from the trash, or in place of a deleted one of the same id. */
export async function saveTask(tx: Queryable, ownerId: string, task: Task): Promise<void> {
  const { id, title, description, status, revision } = task
  const due = dueColumns(task.dueDate)
  const completedAt = task.completedAt === null ? null : instantOf(task.completedAt)
  await tx.query(sql`
    insert into tasks (owner_id, id, title, title_key, description, due_date, due_at, due_order, status,
      status_rank, completed_at, created_at, updated_at, revision, deleted_at)
    values (${ownerId}, ${id}, ${title}, ${title.toLowerCase()}, ${description}, ${due.date}, ${due.at}, ${due.order},
      ${status}, ${statuses.indexOf(status)}, ${completedAt}, ${instantOf(task.createdAt)},
      ${instantOf(task.updatedAt)}, ${revision}, null)
    on conflict (owner_id, id) do update set title = excluded.title, title_key = excluded.title_key,
      description = excluded.description, due_date = excluded.due_date, due_at = excluded.due_at,
      due_order = excluded.due_order, status = excluded.status, status_rank = excluded.status_rank,
      completed_at = excluded.completed_at, created_at = excluded.created_at, updated_at = excluded.updated_at,
      revision = excluded.revision, deleted_at = null, purged_at = null`)
}

/** What each field is in columns; a status brings its rank and its completion. */
const assignments: Record<keyof TaskFields, (task: Task) => Sql> = {
  title: ({ title }) => sql`title = ${title}, title_key = ${title.toLowerCase()}`,
  description: ({ description }) => sql`description = ${description}`,
  dueDate({ dueDate }) {
    const { date, at, order } = dueColumns(dueDate)
    return sql`due_date = ${date}, due_at = ${at}, due_order = ${order}`
  },
  status: ({ status, completedAt }) => sql`status = ${status}, status_rank = ${statuses.indexOf(status)},
    completed_at = ${completedAt === null ? null : instantOf(completedAt)}`,
}

/** Writes these fields of a task that is there, and no others: each column that is set has its indexes written anew. */
export async function updateTask(
  tx: Queryable,
  ownerId: string,
  task: Task,
  changed: (keyof TaskFields)[],
): Promise<void> {
  await tx.query(sql`
    update tasks set ${join(changed.map((field) => assignments[field](task)))},
      updated_at = ${instantOf(task.updatedAt)}, revision = ${task.revision}
    where owner_id = ${ownerId} and id = ${task.id}`)
}

export async function markDeleted(
  tx: Queryable,
  ownerId: string,
  id: string,
  revision: number,
  at: number,
): Promise<void> {
  await tx.query(sql`
    update tasks set deleted_at = ${at}, revision = ${revision} where owner_id = ${ownerId} and id = ${id}`)
}

/** Leaves of a task nothing but that it is gone. */
export async function markErased(
  tx: Queryable,
  ownerId: string,
  id: string,
  revision: number,
  at: number,
): Promise<void> {
  await tx.query(sql`
    update tasks set deleted_at = ${at}, purged_at = ${at}, revision = ${revision}, title = '', title_key = '',
      description = '', due_date = null, due_at = null, due_order = null
    where owner_id = ${ownerId} and id = ${id}`)
}

/** Removes rows that were marked before then, so many at most; answers whose they were, and their revisions. */
export const deleteTasksMarkedBefore = (
  tx: Queryable,
  at: number,
  limit: number,
): Promise<{ ownerId: string; revision: number }[]> =>
  tx.query(sql`
    delete from tasks where (owner_id, id) in (select owner_id, id from tasks where deleted_at < ${at} limit ${limit})
    returning owner_id as "ownerId", revision`)

/** A date in its own column, an instant in another, and where each stands in `sort=dueDate`. */
export function dueColumns(dueDate: string | null): {
  date: string | null
  at: number | null
  order: number | null
} {
  if (dueDate === null) return { date: null, at: null, order: null }
  const at = parseInstant(dueDate)
  return at === undefined
    ? { date: dueDate, at: null, order: endOfDayUtc(dueDate) }
    : { date: null, at, order: at }
}

/** The instants of a task were written by `formatInstant`, so they can be read. */
function instantOf(text: string): number {
  const ms = parseInstant(text)
  if (ms === undefined) throw new Error('a task holds an instant that is none')
  return ms
}

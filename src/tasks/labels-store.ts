import { nameKey } from '../core/text.ts'
import type { Row } from '../database/columns.ts'
import { bulk, join, raw, sql, type Queryable } from '../database/database.ts'
import { fields, type Task } from './fields.ts'

/** Keeps what lists find the labels of a task by, in the place of what was kept of it. */
export async function keepLabels(
  tx: Queryable,
  ownerId: string,
  before: Task | undefined,
  after: Task,
): Promise<void> {
  const [old, now] = [before?.labels ?? [], after.labels]
  if (old.length === now.length && old.every((name, i) => name === now[i])) return
  const { id } = after
  if (old.length > 0) {
    await tx.query(sql`
      delete from task_labels
      where owner_id = ${ownerId} and label in (${join(old.map(nameKey))}) and task_id = ${id}`)
  }
  if (now.length > 0) {
    const rows = now.map((name) => [ownerId, nameKey(name), id, name, after.revision])
    await tx.query(
      sql`insert into task_labels (owner_id, label, task_id, name, used_in) values ${bulk(rows)}`,
    )
  }
}

/** Forgets the labels of tasks that are about to be erased. */
export async function eraseLabels(tx: Queryable, ownerId: string, ids: readonly string[]): Promise<void> {
  const tasks = await tx.query<Row>(sql`
    select id, labels from tasks where owner_id = ${ownerId} and id in (${join(ids)}) and labels <> '[]'`)
  const rows = tasks.flatMap((row) => fields.labels.codec.load(row).map((name) => [nameKey(name), row['id']]))
  for (let i = 0; i < rows.length; i += rowsAtOnce) {
    const some = rows.slice(i, i + rowsAtOnce)
    await tx.query(sql`
      delete from task_labels where owner_id = ${ownerId} and (label, task_id) in (values ${bulk(some)})`)
  }
}

/** Rows of one statement: few enough parameters for any database. */
const rowsAtOnce = 500

/** Forgets the labels of tasks that are gone. */
export async function dropLabels(tx: Queryable, tasks: { ownerId: string; id: string }[]): Promise<void> {
  for (const [ownerId, own] of Map.groupBy(tasks, (task) => task.ownerId)) {
    await tx.query(sql`
      delete from task_labels where owner_id = ${ownerId} and task_id in (${join(own.map(({ id }) => id))})`)
  }
}

/**
 * The labels of the owner's live tasks, by name, each with how many have it. Of its spellings it has the one used last:
 * the greatest text that begins with the revision, in as many digits for all.
 */
export const listLabels = (db: Queryable, ownerId: string): Promise<{ name: string; tasks: number }[]> =>
  db.query(sql`
    select substr(max(cast(${tenToThe16} + used_in as text) || name), 18) as name, count(*) as tasks
    from task_labels
    where owner_id = ${ownerId} and task_id not in (
      select id from tasks where owner_id = ${ownerId} and created_at >= 0 and deleted_at is not null)
    group by label order by label`)

const tenToThe16 = raw('10000000000000000')

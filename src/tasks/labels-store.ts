import { nameKey } from '../core/text.ts'
import { join, sql, type Queryable } from '../database/database.ts'
import type { Task } from './fields.ts'

/** Keeps what lists find the labels of a task by, in the place of what was kept of it. */
export async function keepLabels(
  tx: Queryable,
  ownerId: string,
  before: Task | undefined,
  after: Task | undefined,
): Promise<void> {
  const [old, now] = [before?.labels ?? [], after?.labels ?? []]
  if (old.length === now.length && old.every((name, i) => name === now[i])) return
  const id = before?.id ?? after?.id
  if (old.length > 0) {
    await tx.query(sql`
      delete from task_labels
      where owner_id = ${ownerId} and label in (${join(old.map(nameKey))}) and task_id = ${id}`)
  }
  if (now.length > 0) {
    const rows = now.map((name) => sql`(${ownerId}, ${nameKey(name)}, ${id}, ${name}, ${after?.revision})`)
    await tx.query(
      sql`insert into task_labels (owner_id, label, task_id, name, used_in) values ${join(rows)}`,
    )
  }
}

/** Forgets the labels of tasks that are gone. */
export async function dropLabels(tx: Queryable, tasks: { ownerId: string; id: string }[]): Promise<void> {
  for (const [ownerId, own] of Map.groupBy(tasks, (task) => task.ownerId)) {
    await tx.query(sql`
      delete from task_labels where owner_id = ${ownerId} and task_id in (${join(own.map(({ id }) => id))})`)
  }
}

/** The labels of the owner's live tasks, by name, each with how many have it; of its spellings the one used last. */
export const listLabels = (db: Queryable, ownerId: string): Promise<{ name: string; tasks: number }[]> =>
  db.query(sql`
    select name, tasks from (
      select name, label,
        count(*) over (partition by label) as tasks,
        row_number() over (partition by label order by used_in desc) as spelling
      from task_labels join tasks on tasks.owner_id = task_labels.owner_id and tasks.id = task_id
      where task_labels.owner_id = ${ownerId} and deleted_at is null
    ) spelled
    where spelling = 1 order by label`)

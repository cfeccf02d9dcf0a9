import { sql, type Queryable } from '../database/database.ts'

/** How many live tasks the owner has; counts no further than to one beyond `most`. */
export async function countLive(tx: Queryable, ownerId: string, most: number): Promise<number> {
  const row = await tx.first<{ total: number }>(sql`
    select count(*) as total from (
      select 1 as one from tasks where owner_id = ${ownerId} and deleted_at is null limit ${most + 1}
    ) live`)
  return row?.total ?? 0
}

/** Keeps a count with the revision that it was made at. */
export async function setCount(
  tx: Queryable,
  ownerId: string,
  { countedTasks, countedIn }: { countedTasks: number; countedIn: number },
): Promise<void> {
  await tx.query(sql`
    update owners set counted_tasks = ${countedTasks}, counted_in = ${countedIn} where owner_id = ${ownerId}`)
}

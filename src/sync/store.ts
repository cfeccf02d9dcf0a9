import { sql, type Queryable } from '../database/database.ts'
import { taskColumns, type TaskRow } from '../tasks/tasks.ts'

/** A task, there or gone, with its last change. */
export interface ChangedTaskRow extends TaskRow {
  at: number
  action: string
  deletedAt: number | null
}

/**
 * The owner's tasks by their last change, within `since < revision ≤ until`, gone ones too. It passes over
 * all that was changed again since, so the bounds should not lie far apart.
 */
export const findChangedTasks = (
  db: Queryable,
  ownerId: string,
  since: number,
  until: number,
  limit: number,
): Promise<ChangedTaskRow[]> =>
  db.query<ChangedTaskRow>(sql`
    select ${taskColumns}, at, action, deleted_at as "deletedAt"
    from (
      select owner_id as changed_by, revision as changed_in, thing_id, at, action from changes
      where owner_id = ${ownerId} and revision > ${since} and revision <= ${until}
    ) last_changes
    join tasks on owner_id = changed_by and id = thing_id and revision = changed_in
    order by changed_in limit ${limit}`)

/** Keeps a ticket by its hash; instants are epoch milliseconds. */
export async function insertTicket(
  tx: Queryable,
  hash: string,
  ownerId: string,
  sessionId: string,
  expiresAt: number,
): Promise<void> {
  await tx.query(sql`
    insert into event_tickets (hash, owner_id, session_id, expires_at)
    values (${hash}, ${ownerId}, ${sessionId}, ${expiresAt})`)
}

/** Takes a ticket out, so that nobody takes it again. */
export const takeTicket = (
  tx: Queryable,
  hash: string,
  now: number,
): Promise<{ userId: string; sessionId: string } | undefined> =>
  tx.first(sql`
    delete from event_tickets where hash = ${hash} and expires_at > ${now}
    returning owner_id as "userId", session_id as "sessionId"`)

export async function deleteTicketsBefore(tx: Queryable, at: number, limit: number): Promise<number> {
  const gone = await tx.query(sql`
    delete from event_tickets where hash in (select hash from event_tickets where expires_at < ${at} limit ${limit})
    returning hash`)
  return gone.length
}

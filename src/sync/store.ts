import { sql, type Queryable } from '../database/database.ts'
import { taskColumns, type TaskRow } from '../tasks/tasks.ts'

/** A task, there or gone, with its last change; `action` is unknown where the journal does not reach back to it. */
export interface ChangedTaskRow extends TaskRow {
  changedAt: number | null
  action: string | null
  deletedAt: number | null
}

/** The owner's tasks by their last change, within `since < revision ≤ until`, gone ones too. */
export const findChangedTasks = (
  db: Queryable,
  ownerId: string,
  since: number,
  until: number,
  limit: number,
): Promise<ChangedTaskRow[]> =>
  db.query<ChangedTaskRow>(sql`
    select ${taskColumns}, deleted_at as "deletedAt",
      (select at from changes c where c.owner_id = ${ownerId} and c.revision = tasks.revision) as "changedAt",
      (select action from changes c where c.owner_id = ${ownerId} and c.revision = tasks.revision) as action
    from tasks where owner_id = ${ownerId} and revision > ${since} and revision <= ${until}
    order by revision limit ${limit}`)

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

import { sql, type Queryable } from '../database/database.ts'

/** An owner's counter, and the zone in which their days begin. */
export interface OwnerRow {
  revision: number
  timeZone: string
}

/** One line of the journal; instants are epoch milliseconds, `fields` is JSON. */
export interface ChangeRow {
  ownerId: string
  revision: number
  at: number
  kind: string
  thingId: string
  action: string
  sessionId: string
  fields: string
}

export const findOwner = (db: Queryable, ownerId: string): Promise<OwnerRow | undefined> =>
  db.first<OwnerRow>(sql`select revision, time_zone as "timeZone" from owners where owner_id = ${ownerId}`)

/** The same, holding the row until the transaction ends. */
export const lockOwner = (tx: Queryable, ownerId: string): Promise<OwnerRow | undefined> =>
  tx.first<OwnerRow>(
    sql`select revision, time_zone as "timeZone" from owners where owner_id = ${ownerId} for update`,
  )

export async function setRevision(tx: Queryable, ownerId: string, revision: number): Promise<void> {
  await tx.query(sql`update owners set revision = ${revision} where owner_id = ${ownerId}`)
}

export async function insertChange(tx: Queryable, row: ChangeRow): Promise<void> {
  await tx.query(sql`
    insert into changes (owner_id, revision, at, kind, thing_id, action, session_id, fields)
    values (${row.ownerId}, ${row.revision}, ${row.at}, ${row.kind}, ${row.thingId}, ${row.action}, ${row.sessionId}, ${row.fields})`)
}

export async function deleteChangesBefore(tx: Queryable, at: number, limit: number): Promise<number> {
  const gone = await tx.query(sql`
    delete from changes where (owner_id, revision) in (select owner_id, revision from changes where at < ${at} limit ${limit})
    returning revision`)
  return gone.length
}

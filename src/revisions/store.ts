import type { Credential } from '../core/actor.ts'
import { bulk, empty, sql, type Queryable, type Sql } from '../database/database.ts'
import { deleteOlder } from '../database/sweep.ts'

/** An owner's counter, and the zone in which their days begin. */
export interface OwnerRow {
  revision: number
  timeZone: string
  /** The oldest sync position that is still valid. */
  sweptRevision: number
  /** How many live tasks there were at the revision `countedIn`. */
  countedTasks: number
  countedIn: number
}

/** One line of the journal; instants are epoch milliseconds, `fields` is JSON. */
export interface ChangeRow extends Credential {
  ownerId: string
  revision: number
  at: number
  kind: string
  thingId: string
  action: string
  origin: string
  /** The first revision of the transaction that this change was made in. */
  partOf: number
  /** The change before it of the same thing, if there was one. */
  previous: number | null
  fields: string
  /** What the thing was before another took its place, as JSON; null where none did. */
  replaced: string | null
}

const ownerColumns = sql`revision, time_zone as "timeZone", swept_revision as "sweptRevision",
  counted_tasks as "countedTasks", counted_in as "countedIn"`

/** Nothing finds the owner of a closed account, so that no request reads or writes what is being erased. */
const ofOpen = (ownerId: string): Sql => sql`where owner_id = ${ownerId} and closed_at is null`

const changeColumns = sql`select owner_id as "ownerId", revision, at, kind, thing_id as "thingId", action,
  credential_id as "credentialId", is_token as "isToken", origin, part_of as "partOf", previous, fields, replaced from changes`

export const findOwner = (db: Queryable, ownerId: string): Promise<OwnerRow | undefined> =>
  db.first<OwnerRow>(sql`select ${ownerColumns} from owners ${ofOpen(ownerId)}`)

/** The same, holding the row until the transaction ends. */
export const lockOwner = (tx: Queryable, ownerId: string): Promise<OwnerRow | undefined> =>
  tx.first<OwnerRow>(sql`select ${ownerColumns} from owners ${ofOpen(ownerId)} for update`)

/** Takes the next revision and holds the row until the transaction ends. Returns the row after the update. */
export const advanceOwner = (tx: Queryable, ownerId: string): Promise<OwnerRow | undefined> =>
  tx.first<OwnerRow>(sql`
    update owners set revision = revision + 1 ${ofOpen(ownerId)} returning ${ownerColumns}`)

export async function setRevision(tx: Queryable, ownerId: string, revision: number): Promise<void> {
  await tx.query(sql`update owners set revision = ${revision} where owner_id = ${ownerId}`)
}

/** Raises the oldest valid sync position; never lowers it. */
export async function raiseSweptRevision(tx: Queryable, ownerId: string, revision: number): Promise<void> {
  await tx.query(sql`
    update owners set swept_revision = ${revision} where owner_id = ${ownerId} and swept_revision < ${revision}`)
}

export async function insertChanges(tx: Queryable, rows: readonly ChangeRow[]): Promise<void> {
  const values = rows.map((row) => {
    const { ownerId, revision, at, kind, thingId, action } = row
    const { credentialId, isToken, origin, partOf, previous, fields, replaced } = row
    return [
      ownerId,
      revision,
      at,
      kind,
      thingId,
      action,
      credentialId,
      isToken,
      origin,
      partOf,
      previous,
      fields,
      replaced,
    ]
  })
  await tx.query(sql`
    insert into changes (owner_id, revision, at, kind, thing_id, action, credential_id, is_token, origin, part_of, previous,
      fields, replaced)
    values ${bulk(values)}`)
}

/** Parses the JSON of a change as it was written. */
export const readJson = ({ fields, replaced }: ChangeRow) => ({
  fields: JSON.parse(fields) as Record<string, [before: unknown, after: unknown]>,
  replaced:
    replaced === null ? undefined : (JSON.parse(replaced) as { thing: object; deletedAt: number | null }),
})

export const findChange = (
  db: Queryable,
  ownerId: string,
  revision: number,
): Promise<ChangeRow | undefined> =>
  db.first<ChangeRow>(sql`${changeColumns} where owner_id = ${ownerId} and revision = ${revision}`)

/** The changes of one transaction, the first of which is `partOf`, the last first. */
export const findGroup = (db: Queryable, ownerId: string, partOf: number): Promise<ChangeRow[]> =>
  db.query<ChangeRow>(sql`
    ${changeColumns} where owner_id = ${ownerId} and revision >= ${partOf} and part_of = ${partOf}
    order by revision desc`)

/** The changes of one thing from the given one back, the newest first. */
export const findHistory = (
  db: Queryable,
  ownerId: string,
  newest: number,
  limit: number,
): Promise<ChangeRow[]> =>
  db.query<ChangeRow>(sql`
    ${chainFrom(ownerId, sql`revision = ${newest}`, limit)} ${changeColumns}
    where owner_id = ${ownerId} and revision in (select revision from chain) order by revision desc`)

/** The change that followed the one called `previous`, on the way back from the newest change of a thing. */
export const findReplacer = (
  db: Queryable,
  ownerId: string,
  newest: number,
  previous: number,
): Promise<ChangeRow | undefined> =>
  db.first<ChangeRow>(sql`
    ${chainFrom(ownerId, sql`revision = ${newest}`)} ${changeColumns}
    where owner_id = ${ownerId} and revision in (select revision from chain where previous = ${previous})`)

/** Forgets what the changes of things held, the newest of which lie within `since < revision ≤ until`. */
export async function eraseFields(
  tx: Queryable,
  ownerId: string,
  since: number,
  until: number,
): Promise<void> {
  await tx.query(sql`
    ${chainFrom(ownerId, sql`revision > ${since} and revision <= ${until}`)}
    update changes set fields = '{}', replaced = null
    where owner_id = ${ownerId} and revision in (select revision from chain)`)
}

/** Changes and those before them of the same things, as far as they are kept; at most `limit` of each. */
const chainFrom = (ownerId: string, isNewest: Sql, limit?: number): Sql => sql`
  with recursive chain (revision, previous, place) as (
    select revision, previous, 1 from changes where owner_id = ${ownerId} and ${isNewest}
    union all
    select changes.revision, changes.previous, place + 1 from chain join changes
      on changes.owner_id = ${ownerId} and changes.revision = chain.previous
    ${limit === undefined ? empty : sql`where place < ${limit}`})`

/** Deletes at most `limit` changes from before an instant. Returns their owners and revisions. */
export const deleteChangesBefore = (
  tx: Queryable,
  at: number,
  limit: number,
): Promise<{ ownerId: string; revision: number }[]> =>
  deleteOlder(
    tx,
    { table: sql`changes`, key: sql`owner_id, revision`, age: sql`at` },
    at,
    limit,
    sql`owner_id as "ownerId", revision`,
  )

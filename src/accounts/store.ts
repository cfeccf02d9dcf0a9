import type { PresentSession } from '../core/actor.ts'
import { join, sql, type Queryable, type Sql } from '../database/database.ts'
import { deleteOlder } from '../database/sweep.ts'

/** A user as stored, with the profile from the owner's row; instants are epoch milliseconds. */
export interface UserRow {
  id: string
  email: string
  passwordHash: string
  name: string
  timeZone: string
  createdAt: number
  /** Null where the operator has not disabled the account. */
  disabledAt: number | null
}

/** A session as stored; only the refresh token with this `counter` is valid. */
export interface SessionRow {
  ownerId: string
  id: string
  counter: number
  createdAt: number
  lastUsedAt: number
  expiresAt: number
  userAgent: string | null
  ipAddress: string
}

/** How many logins failed for a keyed hash, and when the last one did. */
export interface FailureRow {
  key: string
  failures: number
  lastAt: number
}

const userColumns = sql`
  select id, email, password_hash as "passwordHash", name, time_zone as "timeZone", created_at as "createdAt",
    disabled_at as "disabledAt"
  from users join owners on owner_id = id and closed_at is null`

const sessionColumns = sql`owner_id as "ownerId", id, counter, created_at as "createdAt", last_used_at as "lastUsedAt",
  expires_at as "expiresAt", user_agent as "userAgent", ip_address as "ipAddress"`

/** The session with this id, unless it has expired or its account is closed. */
const activeSession = (id: string, now: number): Sql => sql`
  select ${sessionColumns} from sessions where id = ${id} and expires_at > ${now}
    and exists (select 1 from owners where owners.owner_id = sessions.owner_id and closed_at is null)`

export const findUser = (db: Queryable, id: string): Promise<UserRow | undefined> =>
  db.first<UserRow>(sql`${userColumns} where id = ${id}`)

/** The same, with the row locked until the transaction ends. */
export const lockUser = (tx: Queryable, id: string): Promise<UserRow | undefined> =>
  tx.first<UserRow>(sql`${userColumns} where id = ${id} for update`)

export const findUserByEmail = (db: Queryable, email: string): Promise<UserRow | undefined> =>
  db.first<UserRow>(sql`${userColumns} where email = ${email}`)

/** Inserts the user and their row in owners. Returns false if the address is taken. */
export async function insertUser(tx: Queryable, user: UserRow): Promise<boolean> {
  const inserted = await tx.first(sql`
    insert into users (id, email, password_hash, created_at)
    values (${user.id}, ${user.email}, ${user.passwordHash}, ${user.createdAt})
    on conflict (email) do nothing returning id`)
  if (!inserted) return false
  await tx.query(
    sql`insert into owners (owner_id, name, time_zone) values (${user.id}, ${user.name}, ${user.timeZone})`,
  )
  return true
}

/** The newest change of a profile, its instant in epoch milliseconds; undefined if it never changed. */
export const findProfileChange = (
  db: Queryable,
  ownerId: string,
): Promise<{ revision: number; at: number } | undefined> =>
  db.first(sql`
    select profile_revision as revision, profile_changed_at as at from owners
    where owner_id = ${ownerId} and profile_revision > 0`)

/** Sets the profile, with the revision of this change and its instant in epoch milliseconds. */
export async function setProfile(
  tx: Queryable,
  id: string,
  name: string,
  timeZone: string,
  revision: number,
  at: number,
): Promise<void> {
  await tx.query(sql`
    update owners set name = ${name}, time_zone = ${timeZone}, profile_revision = ${revision}, profile_changed_at = ${at}
    where owner_id = ${id}`)
}

export async function setPasswordHash(tx: Queryable, id: string, hash: string): Promise<void> {
  await tx.query(sql`update users set password_hash = ${hash} where id = ${id}`)
}

/**
 * Closes an account, so that nothing finds it any more; `eraseClosed` deletes its rows. The id takes the place of the
 * e-mail address, which is free from now on: no address looks like an id.
 */
export async function closeUser(tx: Queryable, id: string, now: number): Promise<void> {
  await tx.query(sql`update owners set closed_at = ${now}, name = '' where owner_id = ${id}`)
  await tx.query(sql`update users set email = id, password_hash = '' where id = ${id}`)
}

export async function insertSession(tx: Queryable, row: SessionRow): Promise<void> {
  await tx.query(sql`
    insert into sessions (owner_id, id, counter, created_at, last_used_at, expires_at, user_agent, ip_address)
    values (${row.ownerId}, ${row.id}, ${row.counter}, ${row.createdAt}, ${row.lastUsedAt}, ${row.expiresAt},
      ${row.userAgent}, ${row.ipAddress})`)
}

/**
 * Finds the user of a session that has not expired, unless the account is closed. One statement, since every request
 * needs it.
 */
export const findPresent = (
  db: Queryable,
  ownerId: string,
  id: string,
  now: number,
): Promise<PresentSession | undefined> =>
  db.first<PresentSession>(sql`
    select o.owner_id as "userId", s.id as "sessionId", o.revision, o.time_zone as "timeZone"
    from sessions s join owners o on o.owner_id = s.owner_id
    where s.owner_id = ${ownerId} and s.id = ${id} and s.expires_at > ${now} and o.closed_at is null`)

export const findSession = (db: Queryable, id: string, now: number): Promise<SessionRow | undefined> =>
  db.first<SessionRow>(activeSession(id, now))

/** The same, with the row locked until the transaction ends. */
export const lockSession = (tx: Queryable, id: string, now: number): Promise<SessionRow | undefined> =>
  tx.first<SessionRow>(sql`${activeSession(id, now)} for update`)

export const listSessions = (db: Queryable, ownerId: string, now: number): Promise<SessionRow[]> =>
  db.query<SessionRow>(sql`
    select ${sessionColumns} from sessions where owner_id = ${ownerId} and expires_at > ${now}
    order by last_used_at desc, id desc`)

/** Advances the session by `steps` refresh tokens, unless its counter has changed since. */
export const advanceSession = (
  tx: Queryable,
  session: Pick<SessionRow, 'ownerId' | 'id' | 'counter'>,
  steps: number,
  now: number,
  expiresAt: number,
): Promise<SessionRow | undefined> =>
  tx.first<SessionRow>(sql`
    update sessions set counter = counter + ${steps}, last_used_at = ${now}, expires_at = ${expiresAt}
    where owner_id = ${session.ownerId} and id = ${session.id} and counter = ${session.counter}
    returning ${sessionColumns}`)

/** Ends one session of the owner. Returns false if there is none. */
export async function deleteSession(tx: Queryable, ownerId: string, id: string): Promise<boolean> {
  return (
    (await tx.first(sql`delete from sessions where owner_id = ${ownerId} and id = ${id} returning id`)) !==
    undefined
  )
}

/** Ends every session of the owner except the given one. */
export async function deleteSessions(tx: Queryable, ownerId: string, except = ''): Promise<void> {
  await tx.query(sql`delete from sessions where owner_id = ${ownerId} and id <> ${except}`)
}

export async function deleteSessionsExpiredBefore(tx: Queryable, at: number, limit: number): Promise<number> {
  const sessions = { table: sql`sessions`, key: sql`owner_id, id`, age: sql`expires_at` }
  return (await deleteOlder(tx, sessions, at, limit)).length
}

export const findFailures = (db: Queryable, keys: string[], since: number): Promise<FailureRow[]> =>
  db.query<FailureRow>(sql`
    select key, failures, last_at as "lastAt" from failed_logins where key in (${join(keys)}) and last_at > ${since}`)

/** Counts one more failure. The count restarts at 1 if its last failure is older than `since`. */
export async function addFailure(tx: Queryable, key: string, now: number, since: number): Promise<void> {
  await tx.query(sql`
    insert into failed_logins (key, failures, last_at) values (${key}, 1, ${now})
    on conflict (key) do update set
      failures = case when failed_logins.last_at > ${since} then failed_logins.failures + 1 else 1 end,
      last_at = excluded.last_at`)
}

export async function clearFailures(tx: Queryable, key: string): Promise<void> {
  await tx.query(sql`delete from failed_logins where key = ${key}`)
}

export async function deleteFailuresBefore(tx: Queryable, at: number, limit: number): Promise<number> {
  const failures = { table: sql`failed_logins`, key: sql`key`, age: sql`last_at` }
  return (await deleteOlder(tx, failures, at, limit)).length
}

import assert from 'node:assert/strict'
import { argon2Sync, randomBytes, type Argon2Parameters } from 'node:crypto'
import { raw, sql, type Sql } from '../../../src/database/database.ts'
import { password, userOf, type Answer, type Docket, type User } from '../../harness.ts'

export const second = 1000
export const minute = 60 * second
export const hour = 60 * minute
export const day = 24 * hour

export const tokenFields = ['accessToken', 'expiresIn', 'refreshToken', 'tokenType']
export const userFields = ['createdAt', 'email', 'id', 'name', 'timeZone']

/** Tries to log in. With `from` the request claims to come from that address through a trusted proxy. */
export const tryLogin = (
  { request }: Pick<Docket, 'request'>,
  email: string,
  secret = password,
  from?: string,
): Promise<Answer> =>
  request('POST', '/auth/login', {
    body: { email, password: secret },
    ...(from && { headers: { 'x-forwarded-for': from } }),
  })

/** Opens another session for a user. */
export async function logIn(server: Docket, { email }: User, secret = password): Promise<User> {
  const answer = await tryLogin(server, email, secret)
  assert.equal(answer.status, 200, answer.text)
  return userOf(answer.body, server.request)
}

/** Exchanges a refresh token. */
export const refresh = ({ request }: Pick<Docket, 'request'>, refreshToken: string): Promise<Answer> =>
  request('POST', '/auth/refresh', { body: { refreshToken } })

/** Asserts that an object has exactly these fields. */
export function assertFields(value: object, names: string[]): void {
  assert.deepEqual(Object.keys(value).toSorted(), names.toSorted())
}

/** Returns the body of a problem without `instance`, which differs in every response. */
export function withoutInstance({ body }: Answer): object {
  const { instance, ...rest } = body
  assert.match(instance, /^urn:uuid:/)
  return rest
}

/** Returns the stored hash of a user's password. */
export async function storedHash(server: Docket, email: string): Promise<string> {
  const row = await server.database.first<{ hash: string }>(
    sql`select password_hash as hash from users where email = ${email}`,
  )
  assert.ok(row, `nobody has ${email}`)
  return row.hash
}

/** Returns the content of every table as text, by the table's name. */
export async function everything({ database }: Docket): Promise<Map<string, string>> {
  const tables = await database
    .query<{ name: string }>(
      sql`select name from sqlite_schema where type = 'table' and name not like 'sqlite_%'`,
    )
    .catch(() =>
      database.query<{ name: string }>(
        sql`select tablename as name from pg_tables where schemaname = current_schema()`,
      ),
    )
  const texts = new Map<string, string>()
  for (const { name } of tables)
    texts.set(name, JSON.stringify(await database.query(sql`select * from ${raw(name)}`)))
  assert.ok(texts.has('users') && texts.has('sessions') && texts.has('tasks'))
  return texts
}

/** Runs a statement in the server's database, without going through the API. */
export async function write(server: Docket, statement: Sql): Promise<void> {
  await server.database.transaction((tx) => tx.query(statement))
}

/** Returns a password hash of the given cost, as an older or newer version of the server would store it. */
export function hashWith(
  cost: Pick<Argon2Parameters, 'memory' | 'passes' | 'parallelism'>,
  message = password,
): string {
  const nonce = randomBytes(16)
  const tag = argon2Sync('argon2id', { message, nonce, tagLength: 32, ...cost })
  const [salt, sum] = [nonce, tag].map((bytes) => bytes.toString('base64').replaceAll('=', ''))
  return `$argon2id$v=19$m=${cost.memory},t=${cost.passes},p=${cost.parallelism}$${salt}$${sum}`
}

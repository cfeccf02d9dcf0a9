import { join, raw, sql, type Queryable, type Sql } from './database.ts'
import type { Sweep } from './sweep.ts'
import { tableNames, tables } from './tables.ts'

/** A table of which an owner can have any number of rows. */
interface Owned {
  table: Sql
  key: Sql
  owner: Sql
}

/** Rows that reference others come first. */
const owned: Owned[] = tableNames.toReversed().flatMap((name) => {
  const { key, owner } = tables[name]
  if (owner === undefined || name === 'owners' || name === 'users') return []
  return { table: raw(name), key: join(key.map((column) => raw(column))), owner: raw(owner) }
})

/**
 * Erases at most `limit` rows of one closed account, and at last the account. What is left to do stands in the
 * database alone, so the next call goes on wherever the last one ended, on any node.
 */
export const eraseClosed: Sweep = async (tx, _now, limit) => {
  // The lock keeps other nodes away from this account, since they take the next one.
  const account = await tx.first<{ id: string }>(sql`
    select owner_id as id from owners where closed_at is not null order by closed_at limit 1 for update skip locked`)
  if (!account) return 0
  for (const one of owned) {
    const erased = await eraseRows(tx, one, account.id, limit)
    if (erased > 0) return erased
  }
  await tx.query(sql`delete from users where id = ${account.id}`) // and by cascade the owner's row
  return 1
}

/** Returns how many rows it erased; 0 only if none is left. */
async function eraseRows(
  tx: Queryable,
  { table, key, owner }: Owned,
  ownerId: string,
  limit: number,
): Promise<number> {
  while (await tx.first(sql`select 1 as found from ${table} where ${owner} = ${ownerId} limit 1`)) {
    const erased = await tx.query(sql`
      delete from ${table} where (${key}) in (select ${key} from ${table} where ${owner} = ${ownerId} limit ${limit})
      returning 1 as erased`)
    // None, if the sweep of another node deleted the same rows meanwhile.
    if (erased.length > 0) return erased.length
  }
  return 0
}

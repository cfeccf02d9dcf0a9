import { raw, sql, type Queryable } from '../database/database.ts'
import type { Row } from '../database/columns.ts'
import type { Project } from './fields.ts'
import { model } from './model.ts'

/** The owner's projects, or those in the trash, in the owner's order. */
export async function listProjects(db: Queryable, ownerId: string, deleted: boolean): Promise<Project[]> {
  const state = raw(deleted ? 'deleted_at is not null and purged_at is null' : 'deleted_at is null')
  const rows = await db.query<Row>(sql`
    select ${model.table.selected} from projects where owner_id = ${ownerId} and ${state} order by position, id`)
  return rows.map((row) => model.fromRow(row))
}

export async function countProjects(db: Queryable, ownerId: string): Promise<number> {
  const row = await db.first<{ total: number }>(sql`
    select count(*) as total from projects where owner_id = ${ownerId} and deleted_at is null`)
  return row?.total ?? 0
}

export async function isLive(db: Queryable, ownerId: string, id: string): Promise<boolean> {
  const row = await db.first(sql`
    select 1 as found from projects where owner_id = ${ownerId} and id = ${id} and deleted_at is null`)
  return row !== undefined
}

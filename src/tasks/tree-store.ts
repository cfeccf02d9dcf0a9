import { join, raw, sql, type Queryable, type Sql } from '../database/database.ts'

/** A task of a family, with its newest revision. */
export interface Member {
  id: string
  revision: number
}

/** A task above another one, the nearest first. */
export interface Ancestor {
  id: string
  projectId: string | null
}

/** A live task and those above it, the nearest first; at most `limit`. */
export const findLine = (db: Queryable, ownerId: string, id: string, limit: number): Promise<Ancestor[]> =>
  db.query<Ancestor>(sql`
    with recursive line (id, parent_id, project_id, height) as (
      select id, parent_id, project_id, 1 from tasks
      where owner_id = ${ownerId} and id = ${id} and deleted_at is null
      union all
      select tasks.id, tasks.parent_id, tasks.project_id, height + 1
      from line join tasks on tasks.owner_id = ${ownerId} and tasks.id = line.parent_id
      where height < ${limit} and tasks.deleted_at is null)
    select id, project_id as "projectId" from line order by height`)

/**
 * Which tasks of a family a statement is about: the live ones, those that went to the trash by the same revision as
 * the thing that they belong to, or all but the erased.
 */
export type Which = 'live' | 'kept' | { wentBy: number }

const isOne = (which: Which): Sql => {
  if (which === 'live') return raw('tasks.deleted_at is null')
  if (which === 'kept') return raw('tasks.purged_at is null')
  return sql`tasks.deleted_with = ${which.wentBy} and tasks.purged_at is null`
}

/** By which revision a task went to the trash: another thing's that took it along, or its own. */
export async function findRemoval(db: Queryable, ownerId: string, id: string): Promise<number> {
  const row = await db.first<{ revision: number }>(sql`
    select coalesce(deleted_with, revision) as revision from tasks where owner_id = ${ownerId} and id = ${id}`)
  return row?.revision ?? 0
}

/** How many levels of tasks are below this one. */
export async function findDepthBelow(
  db: Queryable,
  ownerId: string,
  id: string,
  which: Which,
): Promise<number> {
  const row = await db.first<{ depth: number }>(sql`
    ${below(ownerId, id, which)} select coalesce(max(depth), 0) as depth from below`)
  return row?.depth ?? 0
}

/** The tasks below this one; at most `limit`. */
export const listBelow = (
  db: Queryable,
  ownerId: string,
  id: string,
  which: Which,
  limit: number,
): Promise<Member[]> =>
  db.query<Member>(sql`
    ${below(ownerId, id, which)} select id, revision from below order by depth desc, revision limit ${limit}`)

/** The live tasks below this one that were completed, but for occurrences that were kept and series that have ended. */
export const listDoneBelow = (db: Queryable, ownerId: string, id: string, limit: number): Promise<Member[]> =>
  db.query<Member>(sql`
    ${below(ownerId, id, 'live')} select id, revision from below where is_done = 1
    order by depth desc, revision limit ${limit}`)

const isDone = raw(
  "case when tasks.status = 'complete' and tasks.recurrence is null and tasks.occurrence_of is null then 1 else 0 end",
)

/** A cross join keeps SQLite from reading every task of the owner again for each one that is found. */
const below = (ownerId: string, id: string, which: Which): Sql => sql`
  with recursive below (id, revision, depth, is_done) as (
    select id, revision, 1, ${isDone} from tasks where owner_id = ${ownerId} and parent_id = ${id} and position >= ${''} and ${isOne(which)}
    union all
    select tasks.id, tasks.revision, depth + 1, ${isDone}
    from below cross join tasks
    where tasks.owner_id = ${ownerId} and tasks.parent_id = below.id and tasks.position >= ${''}
      and ${isOne(which)})`

/** The tasks of a project; at most `limit`. */
export const listInProject = (
  db: Queryable,
  ownerId: string,
  projectId: string,
  which: Which,
  limit: number,
): Promise<Member[]> =>
  db.query<Member>(sql`
    select id, revision from tasks
    where owner_id = ${ownerId} and project_id = ${projectId} and position >= ${''} and ${isOne(which)}
    order by revision limit ${limit}`)

/** What a change does to every task of a family. */
export type Step =
  | { to: 'trash'; at: number; by: number }
  | { to: 'life'; at: number; projectId: string | null }
  | { to: 'project'; at: number; projectId: string | null }
  | { to: 'beginning'; at: number }

/** Takes the step for each task that was changed within `since < revision ≤ until`, and gives it that revision. */
export async function takeStep(
  tx: Queryable,
  ownerId: string,
  since: number,
  until: number,
  step: Step,
): Promise<void> {
  await tx.query(sql`
    update tasks set revision = changed_in, ${join(assignments(step))}
    from (
      select thing_id as changed, revision as changed_in from changes
      where owner_id = ${ownerId} and revision > ${since} and revision <= ${until}
    ) steps
    where owner_id = ${ownerId} and id = changed`)
}

function assignments(step: Step): Sql[] {
  if (step.to === 'trash') return [sql`deleted_at = ${step.at}`, sql`deleted_with = ${step.by}`]
  if (step.to === 'beginning')
    return [sql`status = 'incomplete', status_rank = 0, completed_at = null, updated_at = ${step.at}`]
  const moved = [sql`project_id = ${step.projectId}`, sql`updated_at = ${step.at}`]
  return step.to === 'project' ? moved : [...moved, sql`deleted_at = null`, sql`deleted_with = null`]
}

/** What went to the trash by one revision went there by another: the thing that took it along has been put back there. */
export async function renameRemoval(tx: Queryable, ownerId: string, from: number, to: number): Promise<void> {
  await tx.query(sql`
    update tasks set deleted_with = ${to}
    where owner_id = ${ownerId} and created_at >= 0 and deleted_at is not null and deleted_with = ${from}`)
}

/** How many tasks of each project are neither complete nor cancelled; null is the inbox. */
export const countIncomplete = (
  db: Queryable,
  ownerId: string,
): Promise<{ projectId: string | null; incomplete: number }[]> =>
  db.query(sql`
    select project_id as "projectId", sum(case when status_rank <= 1 then 1 else 0 end) as incomplete from tasks
    where owner_id = ${ownerId} and deleted_at is null
    group by project_id`)

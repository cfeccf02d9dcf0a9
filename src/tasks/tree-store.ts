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

/** Which tasks below another one a statement is about: the live ones, those that went to the trash with one, or all. */
export type Below = { are: 'live' } | { are: 'kept' } | { wentWith: string }

function matches(ownerId: string, which: Below): Sql {
  if ('wentWith' in which) {
    // What went to the trash with a task above both goes on with the nearer one, or it would be left without a parent.
    const above = sql`select deleted_with from tasks as own where own.owner_id = ${ownerId} and own.id = ${which.wentWith}`
    return sql`tasks.deleted_with in (${which.wentWith}, (${above})) and tasks.purged_at is null`
  }
  return raw(which.are === 'live' ? 'tasks.deleted_at is null' : 'tasks.purged_at is null')
}

/** How many levels of tasks are below this one. */
export async function findDepthBelow(
  db: Queryable,
  ownerId: string,
  id: string,
  which: Below,
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
  which: Below,
  limit: number,
): Promise<Member[]> =>
  db.query<Member>(sql`
    ${below(ownerId, id, which)} select id, revision from below order by depth desc, revision limit ${limit}`)

/** A cross join keeps SQLite from reading every task of the owner again for each one that is found. */
const below = (ownerId: string, id: string, which: Below): Sql => sql`
  with recursive below (id, revision, depth) as (
    select id, revision, 1 from tasks where owner_id = ${ownerId} and parent_id = ${id} and position >= ${''} and ${matches(ownerId, which)}
    union all
    select tasks.id, tasks.revision, depth + 1
    from below cross join tasks
    where tasks.owner_id = ${ownerId} and tasks.parent_id = below.id and tasks.position >= ${''}
      and ${matches(ownerId, which)})`

/** The tasks of a project; at most `limit`. */
export const listInProject = (
  db: Queryable,
  ownerId: string,
  projectId: string,
  which: Below,
  limit: number,
): Promise<Member[]> =>
  db.query<Member>(sql`
    select id, revision from tasks
    where owner_id = ${ownerId} and project_id = ${projectId} and position >= ${''} and ${matches(ownerId, which)}
    order by revision limit ${limit}`)

/** What a change does to every task of a family. */
export type Step =
  | { to: 'trash'; at: number; with: string }
  | { to: 'life'; at: number; projectId: string | null }
  | { to: 'project'; at: number; projectId: string | null }

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
  if (step.to === 'trash') return [sql`deleted_at = ${step.at}`, sql`deleted_with = ${step.with}`]
  const moved = [sql`project_id = ${step.projectId}`, sql`updated_at = ${step.at}`]
  return step.to === 'project' ? moved : [...moved, sql`deleted_at = null`, sql`deleted_with = null`]
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

import { sql, type Database } from '../../src/database/database.ts'

/** What the filters of one owner's lists name. */
export interface Places {
  /** The projects with the most and the fewest tasks. */
  largeProject: string
  smallProject: string
  /** The task with the most subtasks. */
  parent: string
}

/** Finds the places of each owner; one who has none gets the inbox and the tasks that are below none. */
export async function findPlaces(db: Database, ownerIds: string[]): Promise<(ownerId: string) => Places> {
  const all = new Map<string, Places>()
  for (const ownerId of ownerIds) {
    const projects = await db.query<{ id: string }>(sql`
      select project_id as id from tasks
      where owner_id = ${ownerId} and deleted_at is null and project_id is not null
      group by project_id order by count(*) desc, project_id`)
    const parent = await db.first<{ id: string }>(sql`
      select parent_id as id from tasks
      where owner_id = ${ownerId} and deleted_at is null and parent_id is not null
      group by parent_id order by count(*) desc, parent_id limit 1`)
    all.set(ownerId, {
      largeProject: projects.at(0)?.id ?? 'none',
      smallProject: projects.at(-1)?.id ?? 'none',
      parent: parent?.id ?? 'none',
    })
  }
  return (ownerId) => all.get(ownerId) ?? { largeProject: 'none', smallProject: 'none', parent: 'none' }
}

import type { Actor } from '../core/actor.ts'
import { AppError } from '../core/errors.ts'
import type { Queryable } from '../database/database.ts'
import type { Writing } from '../revisions/revisions.ts'
import { resourceOf, type Resource, type Rules } from '../things/things.ts'
import type { Project } from './fields.ts'
import { model } from './model.ts'
import type { ProjectList } from './schema.ts'
import { countProjects, isLive, listProjects } from './store.ts'

export type { Project } from './fields.ts'

/** An account has at most this many live projects. */
const mostProjects = 500

/** What becomes of the tasks of a project. Each throws `limit-reached` if they are too many for one change. */
export interface Contents {
  /** Puts them into the trash with it. */
  remove(writing: Writing, projectId: string): Promise<void>
  /** Moves them to the inbox. */
  keep(writing: Writing, projectId: string): Promise<void>
  /** Takes out of the trash those that went there with it, by this revision. */
  restore(writing: Writing, projectId: string, wentBy: number): Promise<void>
  /** Lets what went there with it, by one revision, have gone there by another. */
  removedAgain(writing: Writing, from: number, to: number): Promise<void>
  /** Erases them, those in the trash too. */
  erase(writing: Writing, projectId: string): Promise<void>
  /** How many of each project are neither complete nor cancelled; null is the inbox. */
  countIncomplete(db: Queryable, ownerId: string): Promise<{ projectId: string | null; incomplete: number }[]>
}

/** Projects, as every mechanism sees them. */
export const projectsWith = (contents: Contents): Resource<Project> =>
  resourceOf({ ...model, rules: rulesOf(contents) })

const rulesOf = (contents: Contents): Rules<Project> => ({
  async settle(writing, { before, values }) {
    if (!before) await assertRoom(writing)
    return { values }
  },
  removing: (writing, { id }, { tasks }) =>
    tasks === 'keep' ? contents.keep(writing, id) : contents.remove(writing, id),
  async restoring(writing, { id, revision }) {
    await assertRoom(writing)
    await contents.restore(writing, id, revision)
  },
  removedAgain: contents.removedAgain,
  erasing: (writing, { id }, { tasks }) =>
    tasks === 'keep' ? contents.keep(writing, id) : contents.erase(writing, id),
})

async function assertRoom({ tx, actor }: Writing): Promise<void> {
  if ((await countProjects(tx, actor.userId)) < mostProjects) return
  throw new AppError(
    'limit-reached',
    `An account has at most ${mostProjects} projects; delete one that is no longer needed.`,
  )
}

/** Whether a live project of the actor's has this id. */
export const isLiveProject = ({ tx, actor }: Writing, id: string): Promise<boolean> =>
  isLive(tx, actor.userId, id)

/** Every project of the actor's in their order, or those in the trash. */
export async function readProjects(
  db: Queryable,
  contents: Contents,
  actor: Actor,
  { deleted = false, count = false }: { deleted?: boolean; count?: boolean },
): Promise<ProjectList> {
  const projects = await listProjects(db, actor.userId, deleted)
  if (!count) return { items: projects, nextCursor: null }
  const counted = await contents.countIncomplete(db, actor.userId)
  const byProject = new Map(counted.map(({ projectId, incomplete }) => [projectId, incomplete]))
  const items = projects.map((project) => ({ ...project, incomplete: byProject.get(project.id) ?? 0 }))
  return { items, nextCursor: null, inbox: byProject.get(null) ?? 0 }
}

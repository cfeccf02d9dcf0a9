import type { ChangedFields, Writing } from '../revisions/revisions.ts'
import { assertFew, mostAtOnce } from '../things/things.ts'
import { listBelow, listInProject, takeStep, type Below, type Member, type Step } from './tree-store.ts'

/** The tasks that a change of another thing takes along. */
export type Family = { below: string } | { inProject: string }

/** The tasks of a family. Throws `limit-reached` if they, and the task that they are below, are too many for one change. */
export async function membersOf({ tx, actor }: Writing, family: Family, which: Below): Promise<Member[]> {
  const members =
    'below' in family
      ? await listBelow(tx, actor.userId, family.below, which, mostAtOnce + 1)
      : await listInProject(tx, actor.userId, family.inProject, which, mostAtOnce + 1)
  assertFew(members.length + ('below' in family ? 1 : 0))
  return members
}

/** Puts the live tasks of a family into the trash with the thing of this id. */
export async function removeFamily(writing: Writing, family: Family, withId: string): Promise<void> {
  const members = await membersOf(writing, family, { are: 'live' })
  await take(writing, members, 'delete', {}, { to: 'trash', at: writing.now, with: withId })
}

/** Takes out of the trash what went there with the thing of this id, into its project. */
export async function restoreFamily(
  writing: Writing,
  family: Family,
  withId: string,
  from: string | null,
  projectId: string | null,
): Promise<void> {
  const members = await membersOf(writing, family, { wentWith: withId })
  await take(writing, members, 'restore', moved(from, projectId), { to: 'life', at: writing.now, projectId })
}

/** Moves the live tasks of a family from one project to another; null is the inbox. */
export async function moveFamily(
  writing: Writing,
  family: Family,
  from: string | null,
  projectId: string | null,
): Promise<void> {
  const members = await membersOf(writing, family, { are: 'live' })
  await take(writing, members, 'update', moved(from, projectId), {
    to: 'project',
    at: writing.now,
    projectId,
  })
}

const moved = (from: string | null, to: string | null): ChangedFields =>
  from === to ? {} : { projectId: [from, to] }

async function take(
  { tx, actor, owner, now }: Writing,
  members: Member[],
  action: 'update' | 'delete' | 'restore',
  fields: ChangedFields,
  step: Step,
): Promise<void> {
  if (members.length === 0) return
  const since = await owner.recordAll(
    now,
    members.map(({ id, revision: previous }) => ({ kind: 'task', id, previous, action, fields })),
  )
  await takeStep(tx, actor.userId, since, since + members.length, step)
}

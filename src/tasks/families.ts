import type { ChangedFields, Writing } from '../revisions/revisions.ts'
import { assertFew, mostAtOnce } from '../things/things.ts'
import {
  listBelow,
  listDoneBelow,
  listInProject,
  takeStep,
  type Member,
  type Step,
  type Which,
} from './tree-store.ts'

/** The tasks that a change of another thing takes along. */
export type Family = { below: string } | { inProject: string }

/** The tasks of a family. Throws `limit-reached` if they, and the task that they are below, are too many for one change. */
export async function membersOf({ tx, actor }: Writing, family: Family, which: Which): Promise<Member[]> {
  const members =
    'below' in family
      ? await listBelow(tx, actor.userId, family.below, which, mostAtOnce + 1)
      : await listInProject(tx, actor.userId, family.inProject, which, mostAtOnce + 1)
  assertFew(members.length + ('below' in family ? 1 : 0))
  return members
}

/** Puts the live tasks of a family into the trash, with the thing whose removal is recorded next. */
export async function removeFamily(writing: Writing, family: Family): Promise<void> {
  const members = await membersOf(writing, family, 'live')
  await take(writing, members, 'delete', {}, (last) => ({ to: 'trash', at: writing.now, by: last + 1 }))
}

/** Takes out of the trash what went there by a revision, and moves it from one project to another; null is the inbox. */
export async function restoreFamily(
  writing: Writing,
  family: Family,
  wentBy: number,
  from: string | null,
  projectId: string | null,
): Promise<void> {
  const members = await membersOf(writing, family, { wentBy })
  const step: Step = { to: 'life', at: writing.now, projectId }
  await take(writing, members, 'restore', moved(from, projectId), () => step)
}

/** Moves the live tasks of a family from one project to another; null is the inbox. */
export async function moveFamily(
  writing: Writing,
  family: Family,
  from: string | null,
  projectId: string | null,
): Promise<void> {
  const members = await membersOf(writing, family, 'live')
  const step: Step = { to: 'project', at: writing.now, projectId }
  await take(writing, members, 'update', moved(from, projectId), () => step)
}

/** Makes the completed tasks below a task that recurs incomplete again. Throws `limit-reached`. */
export async function beginAgainBelow(writing: Writing, id: string): Promise<void> {
  const done = await listDoneBelow(writing.tx, writing.actor.userId, id, mostAtOnce + 1)
  assertFew(done.length + 2) // with the task itself, and the occurrence that is kept
  const step: Step = { to: 'beginning', at: writing.now }
  await take(writing, done, 'update', { status: ['complete', 'incomplete'] }, () => step)
}

const moved = (from: string | null, to: string | null): ChangedFields =>
  from === to ? {} : { projectId: [from, to] }

async function take(
  { tx, actor, owner, now }: Writing,
  members: Member[],
  action: 'update' | 'delete' | 'restore',
  fields: ChangedFields,
  stepAfter: (last: number) => Step,
): Promise<void> {
  if (members.length === 0) return
  const since = await owner.recordAll(
    now,
    members.map(({ id, revision: previous }) => ({ kind: 'task', id, previous, action, fields })),
  )
  const last = since + members.length
  await takeStep(tx, actor.userId, since, last, stepAfter(last))
}

import assert from 'node:assert/strict'
import fc from 'fast-check'
import type { Project } from '../src/projects/projects.ts'
import type { Answer, User } from './harness.ts'
import { anyWrite, perform, targetOf, type Known, type Write } from './write-model.ts'

/** A write of projects, or of where a task is. Numbers choose among what is known; a place of 0 is none. */
type TreeWrite =
  | { tree: 'create'; name: string }
  | { tree: 'rename'; project: number; name: string }
  | { tree: 'delete'; project: number; query: string }
  | { tree: 'restore'; project: number }
  | { tree: 'file'; which: number; project: number }
  | { tree: 'nest'; which: number; parent: number }
  | { tree: 'move'; which: number; last: boolean }

export type AnyWrite = Write | TreeWrite

/** What its writers know of a user, with the ids of projects that ever were. */
export interface KnownAll extends Known {
  projects: string[]
}

export const nothingKnown = (): KnownAll => ({ ids: [], revisions: [], projects: [] })

const [which, project, parent] = [fc.nat(5), fc.nat(4), fc.nat(6)]
const name = fc.constantFrom('House', 'Garden')
const query = fc.constantFrom('', '', '?tasks=keep', '?permanent=true')

const treeWrite: fc.Arbitrary<TreeWrite> = fc.oneof(
  fc.record({ tree: fc.constant('create' as const), name }),
  fc.record({ tree: fc.constant('rename' as const), project, name }),
  fc.record({ tree: fc.constant('delete' as const), project, query }),
  fc.record({ tree: fc.constant('restore' as const), project }),
  fc.record({ tree: fc.constant('file' as const), which, project }),
  fc.record({ tree: fc.constant('nest' as const), which, parent }),
  fc.record({ tree: fc.constant('move' as const), which, last: fc.boolean() }),
)

/** A write of tasks, projects, or the profile. */
export const anyWriteOfAll: fc.Arbitrary<AnyWrite> = fc.oneof(
  { weight: 2, arbitrary: anyWrite },
  { weight: 1, arbitrary: treeWrite },
)

/** Sends the write and notes what it made known. */
export async function performAny(user: User, known: KnownAll, write: AnyWrite): Promise<Answer> {
  if ('what' in write) return perform(user, known, write)
  const answer = await send(user, known, write)
  assert.ok(answer.status < 500, answer.text)
  if (answer.status === 201) known.projects.push(answer.body.id)
  const revision = answer.headers.get('docket-revision')
  if (revision) known.revisions.push(Number(revision))
  return answer
}

function send(user: User, known: KnownAll, write: TreeWrite): Promise<Answer> {
  const taskAt = (index: number) => targetOf(known, { what: 'delete', which: index })
  const projectAt = (index: number) =>
    targetOf({ ...known, ids: known.projects }, { what: 'delete', which: index })
  switch (write.tree) {
    case 'create':
      return user.post('/projects', { name: write.name })
    case 'rename':
      return user.patch(`/projects/${projectAt(write.project)}`, { name: write.name })
    case 'delete':
      return user.delete(`/projects/${projectAt(write.project)}${write.query}`)
    case 'restore':
      return user.post(`/projects/${projectAt(write.project)}/restore`)
    case 'file': {
      const projectId = write.project === 0 ? null : projectAt(write.project - 1)
      return user.patch(`/tasks/${taskAt(write.which)}`, { projectId, parentId: null })
    }
    case 'nest': {
      const parentId = write.parent === 0 ? null : taskAt(write.parent - 1)
      return user.patch(`/tasks/${taskAt(write.which)}`, { parentId })
    }
    case 'move':
      return user.post(`/tasks/${taskAt(write.which)}/move`, write.last ? { before: null } : { after: null })
  }
}

/** Every project that is there, by id. */
export async function projectsOf(user: User): Promise<Map<string, Project>> {
  const { items }: { items: Project[] } = (await user.get('/projects')).body
  return new Map(items.map((one) => [one.id, one]))
}

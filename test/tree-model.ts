import type { Task } from '../src/tasks/schema.ts'

/** A task or project, live or in the trash, as far as a tree is concerned. */
export interface Node {
  kind: 'task' | 'project'
  isLive: boolean
  parentId: string | null
  projectId: string | null
}

/** Everything that a user has and that is not erased, by id. */
export type Forest = Map<string, Node>

/** A write of one thing. Its place may be any id that ever was; undefined where the request says nothing of it. */
export type Step =
  | { what: 'create'; id: string; parentId?: string | null; projectId?: string | null }
  | { what: 'createProject'; id: string }
  | { what: 'change' | 'move'; id: string; parentId?: string | null; projectId?: string | null }
  | { what: 'delete' | 'deleteAndKeep' | 'restore' | 'erase'; id: string }

export const mostLevels = 6

/** What a step comes to: the status of the refusal, or everything as it is then. */
export type Outcome = { status: 404 | 422 } | { status: 200; forest: Forest }

/**
 * Does a step on a copy, by what the API promises and without any code of the server's. `wentWith` holds with which
 * thing each one went to the trash.
 */
export function apply(forest: Forest, wentWith: Map<string, string>, step: Step): Outcome {
  const next: Forest = structuredClone(forest)
  const node = next.get(step.id)
  const done = { status: 200, forest: next } as const
  switch (step.what) {
    case 'createProject':
      next.set(step.id, { kind: 'project', isLive: true, parentId: null, projectId: null })
      return done
    case 'create':
      next.set(step.id, { kind: 'task', isLive: true, parentId: null, projectId: null })
      return place(next, step) ? done : { status: 422 }
    case 'change':
    case 'move':
      if (!node?.isLive) return { status: 404 }
      return place(next, step) ? done : { status: 422 }
    case 'delete':
    case 'deleteAndKeep': {
      if (!node?.isLive) return { status: 404 }
      const inside = insideOf(next, step.id).filter((one) => one.isLive)
      for (const one of inside)
        if (step.what === 'deleteAndKeep' && node.kind === 'project') one.projectId = null
        else one.isLive = false
      node.isLive = false
      return done
    }
    case 'erase':
      if (!node) return { status: 404 }
      for (const id of [step.id, ...idsInside(next, step.id)]) next.delete(id)
      return done
    case 'restore':
      if (!node) return { status: 404 }
      if (!node.isLive) restore(next, step.id, wentWith)
      return done
  }
}

/** Puts a live task where the step says; false where that may not be. */
function place(forest: Forest, step: Extract<Step, { what: 'create' | 'change' | 'move' }>): boolean {
  const node = forest.get(step.id)
  if (!node) return false
  const { parentId = node.parentId, projectId = node.projectId } = step
  if (parentId === node.parentId && projectId === node.projectId) return true
  if (parentId !== null) {
    const parent = forest.get(parentId)
    if (parent?.kind !== 'task' || !parent.isLive || parentId === step.id) return false
    if (idsBelow(forest, step.id).includes(parentId)) return false
    if (levelOf(forest, parentId) + heightOf(forest, step.id) > mostLevels) return false
    if (step.projectId !== undefined && step.projectId !== parent.projectId) return false
    node.projectId = parent.projectId
  } else {
    const project = projectId === null ? undefined : forest.get(projectId)
    if (projectId !== null && !(project?.kind === 'project' && project.isLive)) return false
    node.projectId = projectId
  }
  node.parentId = parentId
  takeAlong(forest, step.id)
  return true
}

/** All live tasks below are in the project of the uppermost. */
function takeAlong(forest: Forest, id: string): void {
  const { projectId = null } = forest.get(id) ?? {}
  for (const below of idsBelow(forest, id)) {
    const node = forest.get(below)
    if (node?.isLive) node.projectId = projectId
  }
}

/** Brings back a thing and what went with it; without its parent, in the inbox, where either can not be. */
function restore(forest: Forest, id: string, wentWith: Map<string, string>): void {
  const node = forest.get(id)
  if (!node) return
  node.isLive = true
  const [below, own] = [idsBelow(forest, id), wentWith.get(id)]
  const isAlong = (one: string) =>
    wentWith.get(one) === id || (own !== undefined && wentWith.get(one) === own && below.includes(one))
  const along = [...forest.keys()].filter((one) => one !== id && isAlong(one) && !forest.get(one)?.isLive)
  for (const one of along) Object.assign(forest.get(one) ?? {}, { isLive: true })
  if (node.kind === 'task') {
    const parent = node.parentId === null ? undefined : forest.get(node.parentId)
    const project = node.projectId === null ? undefined : forest.get(node.projectId)
    const fits = parent?.isLive && levelOf(forest, id) + heightOf(forest, id) - 1 <= mostLevels
    if (node.parentId !== null && !fits) Object.assign(node, { parentId: null, projectId: null })
    else if (parent) node.projectId = parent.projectId
    else if (!project?.isLive) node.projectId = null
    takeAlong(forest, id)
  }
}

/** The tasks below a task, live and in the trash. */
function idsBelow(forest: Forest, id: string): string[] {
  const children = [...forest].filter(([, { parentId }]) => parentId === id).map(([child]) => child)
  return children.flatMap((child) => [child, ...idsBelow(forest, child)])
}

/** What is in a thing: the tasks of a project, or those below a task. */
const idsInside = (forest: Forest, id: string): string[] =>
  forest.get(id)?.kind === 'project'
    ? [...forest].filter(([, { projectId }]) => projectId === id).map(([task]) => task)
    : idsBelow(forest, id)

const insideOf = (forest: Forest, id: string): Node[] =>
  idsInside(forest, id).flatMap((one) => forest.get(one) ?? [])

/** How many levels down a task is; 1 for one that is below none. */
function levelOf(forest: Forest, id: string | null): number {
  const node = id === null ? undefined : forest.get(id)
  return node ? 1 + levelOf(forest, node.parentId) : 0
}

/** How many levels the task and the live ones below it take. */
function heightOf(forest: Forest, id: string): number {
  const children = [...forest].filter(([, { parentId, isLive }]) => isLive && parentId === id)
  return 1 + Math.max(0, ...children.map(([child]) => heightOf(forest, child)))
}

/** Everything that is wrong with what is live, in words. */
export function faultsOf(forest: Forest): string[] {
  return [...forest].flatMap(([id, { kind, isLive, parentId, projectId }]) => {
    if (kind !== 'task' || !isLive) return []
    const parent = parentId === null ? undefined : forest.get(parentId)
    const line = lineOf(forest, id)
    return [
      ...(parentId !== null && !parent?.isLive ? [`the parent of ${id} is not live`] : []),
      ...(projectId !== null && !forest.get(projectId)?.isLive ? [`the project of ${id} is not live`] : []),
      ...(parent && parent.projectId !== projectId ? [`${id} is not in the project of its parent`] : []),
      ...(line === undefined ? [`${id} is in a circle`] : []),
      ...(line && line.length > mostLevels ? [`${id} is at level ${line.length}`] : []),
    ]
  })
}

/** A task and those above it; undefined where they are a circle. */
function lineOf(forest: Forest, id: string): string[] | undefined {
  const line: string[] = []
  for (let at: string | null = id; at !== null; at = forest.get(at)?.parentId ?? null) {
    if (line.includes(at)) return undefined
    line.push(at)
  }
  return line
}

/** The node of a task that the API answers. */
export const nodeOf = ({ parentId, projectId }: Task, isLive: boolean): Node => ({
  kind: 'task',
  isLive,
  parentId,
  projectId,
})

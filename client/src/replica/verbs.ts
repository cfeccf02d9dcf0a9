import type * as api from '../api.ts'
import type { Held } from '../writes.ts'
import { newId, now, type Context } from './ids.ts'
import { wholeOf } from './kinds.ts'
import { contentOf, doneOf, normalized } from './merge.ts'
import { familyOf, indexIn, lastPosition, positionAt, siblingsOf, type Place } from './order.ts'
import type { Queue } from './queue.ts'
import type { State } from './state.ts'
import { agrees, pick, type Draft, type Fields, type Kind, type Thing, type Write } from './write.ts'

/**
 * The things of one kind. All of it is at once: reads are from memory, and writes are shown in the same turn. A write
 * throws where there is no such thing here.
 */
export interface Replicated<Shown, Creation, Patch> {
  get(thing: Held): Shown | undefined
  /** All of them; the same list until one changes. */
  all(): readonly Shown[]
  /** Those of one place, in their order. */
  inOrder(place?: Pick<Place, 'projectId' | 'parentId'>): readonly Shown[]
  create(fields: Creation, options?: { id?: string }): Write
  /** Pass the thing as you hold it, such as when a form was opened: what has changed since is then a conflict. */
  update(thing: Held, patch: Patch): Write
  /** Moves it before or after a sibling, into a project or below a task. */
  move(thing: Held, place: Place): Write
  /** Puts it into the trash with what is in it. */
  remove(thing: Held, options?: api.DeleteProjectQuery): Write
  /** Takes it out of the trash. Pass the whole of it, and it is shown at once. */
  restore(thing: Held): Write
}

export type Projects = Replicated<api.Project, api.NewProject, api.ProjectPatch>

export interface Tasks extends Replicated<api.Task, api.NewTask, api.TaskPatch> {
  /** Completes a task. One that recurs is shown as complete until the server says how it goes on. */
  complete(task: Held): Write
  /** Lets a task that recurs go on without this occurrence, as soon as the server says how. */
  skip(task: Held): Write
}

/** The verbs of a kind, over things of which only the id is certain. */
export type Verbs = ReturnType<typeof verbsOf>

export function verbsOf(kind: Kind, state: State, queue: Queue, context: Context) {
  const idOf = (thing: Held) => (typeof thing === 'string' ? thing : thing.id)
  const familyIn = (id: string) => familyOf(state.view('task').values(), kind, id)

  /** The thing as somebody holds it, who may not have seen what has come since. */
  function found(held: Held): Thing {
    const present = state.view(kind).get(idOf(held))
    if (!present) throw new Error(`There is no ${kind} ${idOf(held)} here.`)
    return typeof held === 'string' ? present : { ...present, ...held }
  }

  const draft = (more: Partial<Draft> & Pick<Draft, 'thing' | 'verb' | 'effect'>): Draft => ({
    kind,
    fields: {},
    base: {},
    held: state.copy(kind).get(more.thing)?.revision,
    ...more,
  })

  /** A subtask is in the project of its parent. */
  function settled(given: object): Fields {
    const fields = normalized({ ...given })
    const { parentId } = fields
    if (typeof parentId !== 'string') return fields
    return { ...fields, projectId: state.view('task').get(parentId)?.['projectId'] ?? null }
  }

  function update(thing: Held, patch: object): Write {
    const before = found(thing)
    const asked = settled(patch)
    const fields = pick(asked, (name) => !agrees(before[name], asked[name]))
    const occurrence = fields['status'] === 'complete' ? doneOf(before) : undefined
    const isBase = (name: string) => name in fields || (name === 'dueDate' && occurrence !== undefined)
    return queue.add(
      draft({
        thing: before.id,
        verb: 'update',
        effect: 'patch',
        fields,
        base: pick(before, isBase),
        family: 'projectId' in fields ? familyIn(before.id) : [],
        occurrence,
      }),
    )
  }

  return {
    get: (thing: Held) => state.view(kind).get(idOf(thing)),
    all: () => state.list(kind),
    inOrder: (place: Place = {}) => siblingsOf(state.list(kind), place),
    update,

    create(given: object, { id = newId(context) }: { id?: string } = {}): Write {
      if (state.view(kind).has(id)) throw new Error(`There is a ${kind} ${id} already.`)
      const asked = settled(given)
      const fields: Fields = { position: lastPosition(state.list(kind), asked, context.random), ...asked }
      const whole = wholeOf(kind, id, fields, now(context))
      return queue.add(draft({ thing: id, verb: 'create', effect: 'put', fields, whole }))
    },

    move(thing: Held, { before, after, ...place }: Place): Write {
      const held = found(thing)
      const { parentId = place.projectId === undefined ? held['parentId'] : null } = place
      const { projectId = held['projectId'] } = place
      const target = settled({ ...(kind === 'task' && { parentId, projectId }) })
      const siblings = siblingsOf(state.list(kind), target)
      const others = siblings.filter(({ id }) => id !== held.id)
      const index = indexIn(others, before === undefined ? { after } : { before })
      const isThere = siblings[index]?.id === held.id
      return update(thing, {
        ...target,
        ...(!isThere && { position: positionAt(others, index, context.random) }),
      })
    },

    remove(thing: Held, query: api.DeleteProjectQuery = {}): Write {
      const id = idOf(thing)
      const whole = state.view(kind).get(id)
      // What is in the trash is not here, and can be erased from there.
      const base = whole || !query.permanent ? contentOf(found(thing)) : {}
      const family = familyIn(id)
      return queue.add(draft({ thing: id, verb: 'remove', effect: 'drop', base, whole, family, query }))
    },

    restore(thing: Held): Write {
      const id = idOf(thing)
      const held = typeof thing === 'object' ? { revision: 0, ...thing } : undefined
      const removed = [...state.entries.values()].findLast((one) => one.thing === id && one.effect === 'drop')
      const whole = removed?.whole ?? held
      return queue.add(draft({ thing: id, verb: 'restore', effect: whole ? 'put' : 'none', whole }))
    },

    skip(thing: Held): Write {
      const { id, dueDate } = found(thing)
      return queue.add(draft({ thing: id, verb: 'skip', effect: 'none', base: { dueDate } }))
    },
  }
}

/** A thing is what the schema of its kind says. */
export const tasksOf = ({ ...verbs }: Verbs): Tasks =>
  ({ ...verbs, complete: (task: Held) => verbs.update(task, { status: 'complete' }) }) as unknown as Tasks
export const projectsOf = ({ skip: _, ...verbs }: Verbs): Projects => verbs as unknown as Projects

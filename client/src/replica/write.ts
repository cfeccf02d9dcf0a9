import type { Fault, HistoryItem, Slug } from '../api.ts'

/** What a replica holds. */
export type Kind = 'task' | 'project'

/** Some fields of a thing, with their values. */
export type Fields = Readonly<Record<string, unknown>>

/** A task or project as the server tells it. */
export interface Thing extends Fields {
  readonly id: string
  readonly revision: number
}

/** Why the server refuses a write: what is kept of a `Problem`. */
export interface Refusal {
  status: number
  slug: Slug | 'unknown'
  detail: string
  faults: readonly Fault[]
}

export type Verb = 'create' | 'update' | 'remove' | 'restore' | 'skip' | 'undo'

/**
 * How far a write has come. It is `saving` until it outlives a crash, and then `waiting` for its turn. It ends as
 * `done`, or `dropped` where somebody chose so; a `conflict` or what was `refused` waits for somebody to choose, and
 * is `joined` to a conflict about an earlier value of the same fields.
 */
export type WriteState = 'saving' | 'waiting' | 'done' | 'conflict' | 'refused' | 'dropped' | 'joined'

/** A change made here, from when it is shown until the server has it or somebody drops it. */
export interface Write {
  /** Also its Idempotency-Key. */
  readonly id: string
  readonly kind: Kind
  /** The id of the thing. */
  readonly thing: string
  readonly verb: Verb
  readonly state: WriteState
  /** The values that it sets. */
  readonly fields: Fields
  /** What it was based on: the values before, of these fields and of others that it depends on. */
  readonly base: Fields
  /** The fields that changed on both sides, of a conflict. */
  readonly conflicts: readonly string[]
  /** Why it was refused. */
  readonly refusal?: Refusal | undefined
  /** The revision that it took, once it is done; undefined if it changed nothing. */
  readonly revision?: number | undefined
}

/** A write with what is nobody else's business. All of it is kept, as JSON. */
export interface Entry extends Write {
  state: WriteState
  fields: Fields
  base: Fields
  conflicts: readonly string[]
  refusal?: Refusal | undefined
  revision?: number | undefined
  /** When it was made, for what is shown until the server has answered. */
  at: string
  /** Where it stands in the queue. */
  place: number
  /** What it does to what is shown, until the server has answered. */
  effect: 'put' | 'patch' | 'drop' | 'none'
  /** The thing after it was put, or before it was dropped. */
  whole?: Thing | undefined
  /** The tasks that go with it: those of a project, or below a task. */
  family: readonly string[]
  /** The writes that must be done before. */
  after: readonly string[]
  /** The revision of the thing on which it is based. */
  held?: number | undefined
  query?: { permanent?: boolean | undefined; tasks?: 'keep' | undefined; force?: boolean | undefined }
  /** How many occurrences were done when it completes one more. */
  occurrence?: number | undefined
  /** What an undo takes back: a revision, or a write that has none yet. */
  undoes?: number | string
  /** It was sent, and nobody knows what came of it: if it was done, it took a revision after this one. */
  sent?: number | undefined
  /** The feed had the thing that it creates, so it was done. */
  isSeen?: boolean
}

/** What the server made of a write. */
export interface Outcome {
  /** The thing as it is now; null if it is gone. */
  thing?: Thing | null | undefined
  /** The revision that the write took; undefined if it changed nothing. */
  revision?: number | undefined
}

/** What changed on both sides, field by field. */
export interface Conflict {
  write: Write
  /** `mine` is undefined where the write has no value for the field: it removes the thing, or completes an occurrence of it. */
  fields: readonly { name: string; base: unknown; mine: unknown; theirs: unknown }[]
}

/** How somebody decides a conflict: for the value from here, the one from there, or others for these fields. */
export type Choice = 'mine' | 'theirs' | Fields

/** What a verb says of an entry; the queue decides the rest. */
export type Draft = Pick<Entry, 'kind' | 'thing' | 'verb' | 'effect' | 'fields' | 'base'> & Partial<Entry>

/** Whether a write is still on its way. */
export const isOnItsWay = ({ state }: Write): boolean => state === 'saving' || state === 'waiting'

/** Whether a change in the history of its thing is what an entry does. */
export function isDoneBy(entry: Entry, { action, origin, fields: changed }: HistoryItem): boolean {
  const { verb, effect, fields, occurrence } = entry
  const names = Object.keys(fields).filter((name) => name in changed)
  const isSet = names.length > 0 && names.every((name) => agrees(changed[name]?.to, fields[name]))
  switch (verb) {
    case 'create':
      return action === 'create'
    case 'remove':
      return action === 'delete'
    case 'restore':
      return action === 'restore'
    case 'undo':
      return origin === 'undo' && (effect === 'patch' ? isSet : (action === 'delete') === (effect === 'drop'))
    case 'skip':
      return action === 'update' && ('dueDate' in changed || 'status' in changed)
    case 'update':
      return (occurrence !== undefined && 'recurrence' in changed) || isSet
  }
}

/** Whether two values of JSON are the same. */
export function same(a: unknown, b: unknown): boolean {
  if (a === b) return true
  if (typeof a !== 'object' || typeof b !== 'object' || !a || !b) return false
  const [x, y] = [new Map(Object.entries(a)), new Map(Object.entries(b))]
  return x.size === y.size && [...x].every(([name, value]) => y.has(name) && same(value, y.get(name)))
}

/** Whether a value is what was asked for: of an object, as far as that says. */
export function agrees(value: unknown, asked: unknown): boolean {
  if (!isObject(value) || !isObject(asked)) return same(value, asked)
  return Object.entries(asked).every(([name, one]) => same(value[name], one))
}

export const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** Only some of the fields. */
export const pick = (fields: Fields, isWanted: (name: string) => boolean): Fields =>
  Object.fromEntries(Object.entries(fields).filter(([name]) => isWanted(name)))

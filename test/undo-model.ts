import { isDeepStrictEqual } from 'node:util'
import { generateKeyBetween } from 'fractional-indexing'
import type { GivenTask } from '../src/tasks/schema.ts'
import type { Write } from './write-model.ts'

type Value = unknown
type Fields = Record<string, Value>

interface Thing {
  fields: Fields
  is: 'there' | 'in the trash' | 'erased'
  /** Its newest change. */
  revision: number
}

interface Change {
  revision: number
  partOf: number
  /** The change before it of the same task. */
  previous: number | null
  id: string
  action: 'create' | 'update' | 'delete' | 'restore'
  fields: Record<string, [before: Value, after: Value]>
  /** The task in whose place another one was put. */
  replaced: Omit<Thing, 'revision'> | undefined
}

/** What an undo comes to: a refusal, with the id and field of everything that stands against it, or what it did. */
export type Outcome =
  | { status: 404 }
  | { status: 409; conflicts: string[] }
  | { status: 200 | 204; revision: number | null }

/** What a task has where its creation says nothing; the compiler asks for that of a new field. */
const initial: Required<GivenTask> = {
  title: '',
  description: '',
  dueDate: null,
  recurrence: null,
  status: 'incomplete',
  priority: 'none',
  labels: [],
  projectId: null,
  parentId: null,
  position: '',
}
const defaults: Fields = { ...initial, title: null }
const names = Object.keys(defaults)
/** What a PUT sets where it says nothing: a position stays. */
const { position: _stays, ...replacing } = defaults

/**
 * Tasks with their journal, kept without any code of the server's. All of them are in the inbox and below no other
 * task, so that they are one another's siblings; `organise/tree-model.test.ts` is about trees.
 */
export class Model {
  things = new Map<string, Thing>()
  journal: Change[] = []
  name = ''

  get revision(): number {
    return this.journal.length
  }

  /** The fields of the tasks that are there, or in the trash. */
  all(where: Thing['is']): Map<string, Fields> {
    const those = [...this.things].filter(([, { is }]) => is === where)
    return new Map(those.map(([id, { fields }]) => [id, fields]))
  }

  /** Does a write that the server took. */
  write(
    id: string,
    write: Exclude<Write, { what: 'undo' | 'batch' | 'rename' }>,
    partOf = this.revision + 1,
  ): void {
    const thing = this.things.get(id)
    switch (write.what) {
      case 'create':
      case 'createAt':
        return this.#create(id, { ...defaults, ...write.fields }, partOf)
      case 'recreate':
        return this.#create(id, { ...defaults, title: 'again' }, partOf)
      case 'patch':
      case 'replace':
        return this.#change(
          id,
          write.what === 'patch' ? { ...write.fields } : { ...replacing, ...write.fields },
          partOf,
        )
      case 'delete':
        return this.#move(id, 'delete', partOf)
      case 'restore':
        return thing?.is === 'in the trash' ? this.#move(id, 'restore', partOf) : undefined
      case 'erase':
        this.#move(id, 'delete', partOf)
        this.things.set(id, { fields: {}, is: 'erased', revision: this.revision })
        for (const change of this.journal)
          if (change.id === id) Object.assign(change, { fields: {}, replaced: undefined })
    }
  }

  /** Undoes the change with all that were made in one with it; if something stands against that, nothing is done. */
  undo(revision: number, force: boolean): Outcome {
    const change = this.journal[revision - 1]
    if (!change) return { status: 404 }
    const group = this.journal.filter(({ partOf }) => partOf === change.partOf).toReversed()
    const conflicts = force ? [] : this.#conflicts(group)
    if (conflicts.length > 0) return { status: 409, conflicts }
    const partOf = this.revision + 1
    for (const one of group) this.#undoOne(one, partOf)
    const isThere = this.things.get(change.id)?.is === 'there'
    return { status: isThere ? 200 : 204, revision: this.revision < partOf ? null : this.revision }
  }

  #conflicts(group: Change[]): string[] {
    const found = new Set<string>()
    for (const id of new Set(group.map((one) => one.id))) {
      const thing = structuredClone(this.#thing(id))
      const own = group.filter((one) => one.id === id)
      const isChanged = thing.revision !== own[0]?.revision
      const against = (name: string) => found.add(`${id}${name && `/${name}`}`)
      if (thing.is === 'erased') against('')
      else for (const one of own) pretend(thing, one, isChanged, against)
    }
    return [...found]
  }

  #undoOne({ id, action, fields, replaced, revision }: Change, partOf: number): void {
    const thing = this.#thing(id)
    if (thing.is === 'erased') return
    const before = Object.fromEntries(Object.entries(fields).map(([name, [was]]) => [name, was]))
    if (action === 'update') {
      const isThere = thing.is === 'there'
      if (!isThere) this.#move(id, 'restore', partOf)
      this.#change(id, before, partOf)
      if (!isThere) this.#move(id, 'delete', partOf)
    } else if (action === 'delete') {
      const former =
        replaced ?? this.journal.find((one) => one.id === id && one.previous === revision)?.replaced
      if (thing.is === 'there') this.#change(id, former?.fields ?? {}, partOf)
      else if (replaced) this.#swap(id, replaced, partOf)
      else if (former) this.#swap(id, { ...former, is: 'there' }, partOf)
      else this.#move(id, 'restore', partOf)
    } else if (replaced) this.#swap(id, replaced, partOf)
    else if (thing.is === 'there') this.#move(id, 'delete', partOf)
  }

  #thing(id: string): Thing {
    return this.things.get(id) ?? { fields: {}, is: 'erased', revision: 0 }
  }

  #create(id: string, given: Fields, partOf: number): void {
    const fields = { ...given, position: given['position'] || this.#afterTheLast() }
    const earlier = this.things.get(id)
    const replaced = earlier?.is === 'in the trash' ? { fields: earlier.fields, is: earlier.is } : undefined
    this.things.set(id, { fields, is: 'there', revision: earlier?.revision ?? 0 })
    this.#note(id, 'create', differing({}, fields), partOf, replaced)
  }

  /** Where a task comes that is created without a position: any key after the last would do, the library gives this one. */
  #afterTheLast(): string {
    const positions = [...this.all('there').values()].map(({ position }) => String(position))
    return generateKeyBetween(positions.toSorted(byCodeUnits).at(-1) ?? null, null)
  }

  #swap(id: string, wanted: Omit<Thing, 'revision'>, partOf: number): void {
    const { revision, ...replaced } = this.#thing(id)
    this.things.set(id, { ...wanted, revision })
    const isBack = wanted.is === 'there'
    this.#note(id, isBack ? 'create' : 'delete', isBack ? differing({}, wanted.fields) : {}, partOf, replaced)
  }

  #change(id: string, some: Fields, partOf: number): void {
    const thing = this.#thing(id)
    const fields = { ...thing.fields, ...some }
    const differences = differing(thing.fields, fields)
    thing.fields = fields
    if (Object.keys(differences).length > 0) this.#note(id, 'update', differences, partOf)
  }

  #move(id: string, action: 'delete' | 'restore', partOf: number): void {
    this.#thing(id).is = action === 'delete' ? 'in the trash' : 'there'
    this.#note(id, action, {}, partOf)
  }

  #note(
    id: string,
    action: Change['action'],
    fields: Change['fields'],
    partOf: number,
    replaced?: Change['replaced'],
  ): void {
    const thing = this.#thing(id)
    const previous = thing.revision || null
    thing.revision = this.revision + 1
    this.journal.push({ revision: thing.revision, partOf, previous, id, action, fields, replaced })
  }
}

/** Undoes one change of a copy of the task, and names what stands against it. */
function pretend(
  thing: Thing,
  { action, fields, replaced }: Change,
  isChanged: boolean,
  against: (name: string) => void,
): void {
  if (action === 'update') {
    if (thing.is === 'in the trash') return against('')
    for (const [name, [before, after]] of Object.entries(fields)) {
      if (![before, after].some((one) => isSame(one, thing.fields[name]))) against(name)
      thing.fields[name] = before
    }
  } else if (action === 'delete') {
    if (thing.is === 'there') against('')
    thing.is = replaced?.is ?? 'there'
  } else {
    const isAtStake = thing.is === 'there' || replaced !== undefined
    thing.is = 'in the trash'
    if (!isAtStake || !isChanged) return
    const differs = (name: string) => !isSame(thing.fields[name], fields[name]?.[1])
    const changed = action === 'create' ? names.filter(differs) : []
    if (changed.length === 0) against('')
    for (const name of changed) against(name)
  }
}

const isSame = (a: Value, b: Value) => isDeepStrictEqual(a ?? null, b ?? null)

/** The keys of the library are ASCII. */
const byCodeUnits = (a: string, b: string) => (a < b ? -1 : Number(a > b))

const differing = (before: Fields, after: Fields): Change['fields'] =>
  Object.fromEntries(
    names
      .filter((name) => !isSame(before[name], after[name]))
      .map((name) => [name, [before[name] ?? null, after[name] ?? null]]),
  )

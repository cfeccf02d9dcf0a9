import type { GivenTask } from '../src/tasks/schema.ts'
import type { Write } from './write-model.ts'

type Value = unknown
type Fields = Record<string, Value>

interface Thing {
  fields: Fields
  is: 'there' | 'in the trash' | 'erased'
}

interface Change {
  revision: number
  partOf: number
  id: string
  action: 'create' | 'update' | 'delete' | 'restore'
  fields: Record<string, [before: Value, after: Value]>
}

/** What an undo comes to: a refusal, with the fields that stand against it, or what it did. */
export type Outcome =
  | { status: 404 }
  | { status: 409; fields: string[] }
  | { status: 200 | 204; revision: number | null }

/** What a task has where its creation says nothing; the compiler asks for that of a new field. */
const initial: Required<GivenTask> = { title: '', description: '', dueDate: null, status: 'incomplete' }
const defaults: Fields = { ...initial, title: null }
const names = Object.keys(defaults)

/** Tasks with their journal, as the contract has them, kept without any code of the server's. */
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
          write.what === 'patch' ? { ...write.fields } : { ...defaults, ...write.fields },
          partOf,
        )
      case 'delete':
        return this.#move(id, 'delete', partOf)
      case 'restore':
        return thing?.is === 'in the trash' ? this.#move(id, 'restore', partOf) : undefined
      case 'erase':
        this.#move(id, 'delete', partOf)
        this.things.set(id, { fields: {}, is: 'erased' })
        for (const change of this.journal) if (change.id === id) change.fields = {}
    }
  }

  /** Takes back the change with all that were made in one with it; where that can not be, nothing is done. */
  undo(revision: number, force: boolean): Outcome {
    const change = this.journal[revision - 1]
    if (!change) return { status: 404 }
    const before = { things: structuredClone(this.things), journal: structuredClone(this.journal) }
    const partOf = this.revision + 1
    for (const one of before.journal.filter((some) => some.partOf === change.partOf).toReversed()) {
      const refusal = this.#takeBack(one, force, partOf)
      if (refusal) return Object.assign(this, before) && refusal
    }
    const isThere = this.things.get(change.id)?.is === 'there'
    return { status: isThere ? 200 : 204, revision: this.revision < partOf ? null : this.revision }
  }

  #takeBack({ id, action, fields }: Change, force: boolean, partOf: number): Outcome | undefined {
    const thing = this.things.get(id)
    if (!thing) throw new Error('a change is of no thing')
    if (action === 'delete') {
      if (thing.is === 'erased') return { status: 404 }
      if (thing.is === 'in the trash') this.#move(id, 'restore', partOf)
    } else if (action === 'update') {
      if (thing.is === 'erased') return { status: 404 }
      if (thing.is === 'in the trash') return { status: 409, fields: [] }
      const against = names.filter(
        (name) => fields[name] && !fields[name].includes(thing.fields[name] ?? null),
      )
      if (against.length > 0 && !force) return { status: 409, fields: against }
      this.#change(id, Object.fromEntries(Object.entries(fields).map(([name, [was]]) => [name, was])), partOf)
    } else if (thing.is === 'there') {
      const asMade = (name: string) => thing.fields[name] === (fields[name]?.[1] ?? null)
      const against = action === 'create' ? names.filter((name) => !asMade(name)) : []
      if (against.length > 0 && !force) return { status: 409, fields: against }
      this.#move(id, 'delete', partOf)
    }
    return undefined
  }

  #create(id: string, fields: Fields, partOf: number): void {
    this.things.set(id, { fields, is: 'there' })
    this.#note(id, 'create', differing({}, fields), partOf)
  }

  #change(id: string, some: Fields, partOf: number): void {
    const thing = this.things.get(id)
    if (!thing) throw new Error('nothing to change')
    const fields = { ...thing.fields, ...some }
    const differences = differing(thing.fields, fields)
    thing.fields = fields
    if (Object.keys(differences).length > 0) this.#note(id, 'update', differences, partOf)
  }

  #move(id: string, action: 'delete' | 'restore', partOf: number): void {
    const thing = this.things.get(id)
    if (!thing) throw new Error('nothing to move')
    thing.is = action === 'delete' ? 'in the trash' : 'there'
    this.#note(id, action, {}, partOf)
  }

  #note(id: string, action: Change['action'], fields: Change['fields'], partOf: number): void {
    this.journal.push({ revision: this.revision + 1, partOf, id, action, fields })
  }
}

const differing = (before: Fields, after: Fields): Change['fields'] =>
  Object.fromEntries(
    names
      .filter((name) => (before[name] ?? null) !== (after[name] ?? null))
      .map((name) => [name, [before[name] ?? null, after[name] ?? null]]),
  )

import { inverseOf, neededBy } from './dependence.ts'
import { newId, now, type Context } from './ids.ts'
import { conflictsOf, doneOf, sidesOf } from './merge.ts'
import { safetyOf } from './safety.ts'
import type { Saver } from './saving.ts'
import type { State } from './state.ts'
import {
  pick,
  type Choice,
  type Conflict,
  type Draft,
  type Entry,
  type Fields,
  type Outcome,
  type Refusal,
  type Write,
} from './write.ts'

/** The writes that are on their way, and those that wait for somebody to choose. */
export type Queue = ReturnType<typeof createQueue>

export function createQueue(state: State, saver: Saver, context: Context, wake: () => void) {
  let places = 0
  const all = () => [...state.entries.values()]
  /** Behind all others, those of other tabs too. */
  const nextPlace = () => (places = Math.max(places, ...all().map(({ place }) => place)) + 1)
  const watchOver = safetyOf(state, saver, wake)
  const present = (write: Write) => state.entries.get(write.id)
  const theirsOf = ({ kind, thing }: Entry) => state.copy(kind).get(thing)

  function add(draft: Draft): Entry {
    const entry: Entry = {
      family: [],
      conflicts: [],
      after: [],
      ...draft,
      id: newId(context),
      at: now(context),
      state: 'saving',
      place: nextPlace(),
    }
    if (entry.verb === 'update' && Object.keys(entry.fields).length === 0) return { ...entry, state: 'done' }
    entry.after = neededBy(entry, state)
    state.update(() => state.set(entry))
    watchOver(entry)
    return entry
  }

  /** The first entry that may be sent: what waits for others lets those pass that do not. */
  function next(): Entry | undefined {
    for (const entry of state.entries.values())
      if (entry.state === 'waiting' && !entry.after.some((id) => state.entries.has(id))) return entry
    return undefined
  }

  /** The entry has come to its end. */
  function end(entry: Entry, how: 'done' | 'dropped' | 'joined'): void {
    entry.state = how
    state.delete(entry)
    wake()
  }

  /** The server has the write. */
  function settle(entry: Entry, { thing, revision }: Outcome): void {
    state.update(() => {
      entry.revision ??= revision
      if (thing) state.put(entry.kind, thing)
      else if (thing === null && revision !== undefined) state.remove(entry.kind, entry.thing, revision)
      for (const follower of all()) {
        if (follower.undoes === entry.id) undoAt(follower, entry)
        else if (thing && follower.after.includes(entry.id)) baseOn(follower, entry, thing)
      }
      if (present(entry)) end(entry, 'done')
    })
  }

  /** What undoes a write that changed nothing has nothing to do. */
  function undoAt(follower: Entry, { revision }: Entry): void {
    if (revision === undefined) return end(follower, 'done')
    follower.undoes = revision
    state.set(follower)
  }

  /** A write upon the values of an earlier one is based on what the server made of them. */
  function baseOn(follower: Entry, entry: Entry, values: Fields): void {
    const names = Object.keys(entry.verb === 'create' ? values : entry.fields)
    const isKnown = (name: string) => name in follower.base && names.includes(name)
    follower.base = { ...follower.base, ...pick(values, isKnown) }
    state.set(follower)
  }

  /** A write that does not come to pass need not be undone, and is not wanted any more. */
  function isUnwanted(entry: Entry): boolean {
    const undo = all().find(({ undoes }) => undoes === entry.id)
    if (undo) drop(entry)
    return undo !== undefined
  }

  /** The server refuses the write for good. */
  function refuse(entry: Entry, refusal: Refusal): void {
    if (isUnwanted(entry)) return
    state.update(() => {
      Object.assign(entry, { state: 'refused', refusal, sent: undefined })
      state.set(entry)
      // What needs the thing waits for it; what only came later goes on, upon the values from before.
      if (entry.effect !== 'put') for (const follower of all()) release(follower, entry)
    })
    wake()
  }

  function release(follower: Entry, entry: Entry): void {
    if (follower.undoes === entry.id) return end(follower, 'done')
    if (!follower.after.includes(entry.id)) return
    follower.after = follower.after.filter((id) => id !== entry.id)
    baseOn(follower, entry, entry.base)
  }

  /**
   * The same fields changed on both sides: what is left of the write goes on, and these wait for somebody to choose.
   * Later values of them, made before anybody knew, join the conflict.
   */
  function contest(entry: Entry, conflicts: readonly string[]): void {
    if (isUnwanted(entry)) return
    // An occurrence that is another one by now is not the one that was completed.
    const isOther = entry.verb === 'update' && conflicts.some((name) => !(name in entry.fields))
    const contested = isOther ? [...conflicts, 'status'] : conflicts
    const isContested = (name: string) => contested.includes(name)
    const rest = pick(entry.fields, (name) => !isContested(name))
    const later = all().filter(({ verb, after }) => verb === 'update' && after.includes(entry.id))
    state.update(() => {
      const conflict = Object.keys(rest).length > 0 ? split(entry, isContested) : entry
      Object.assign(conflict, { state: 'conflict', conflicts, sent: undefined })
      for (const follower of later) join(follower, conflict)
      state.set(conflict)
    })
    wake()
  }

  /** Moves some fields of an entry into one of their own, and returns that. */
  function split(entry: Entry, isMoved: (name: string) => boolean): Entry {
    const isLeft = (name: string) => !isMoved(name)
    const part = {
      ...entry,
      id: newId(context),
      place: nextPlace(),
      fields: pick(entry.fields, isMoved),
      base: pick(entry.base, isMoved),
      after: [],
    }
    const rest = { fields: pick(entry.fields, isLeft), base: pick(entry.base, isLeft) }
    state.set(Object.assign(entry, rest, { occurrence: undefined, sent: undefined }))
    return part
  }

  function join(follower: Entry, conflict: Entry): void {
    const isContested = (name: string) => conflict.conflicts.includes(name) && name in conflict.fields
    conflict.fields = { ...conflict.fields, ...pick(follower.fields, isContested) }
    follower.fields = pick(follower.fields, (name) => !isContested(name))
    follower.base = pick(follower.base, (name) => !isContested(name))
    if (Object.keys(follower.fields).length === 0) {
      for (const other of all()) release(other, follower)
      return end(follower, 'joined')
    }
    if (!Object.keys(follower.base).some((name) => name in conflict.base))
      follower.after = follower.after.filter((id) => id !== conflict.id)
    state.set(follower)
  }

  /** Back into the queue, behind all others. */
  function requeue(entry: Entry): void {
    Object.assign(entry, { state: 'waiting', conflicts: [], refusal: undefined, place: nextPlace() })
    state.set(entry, true)
    wake()
  }

  /** Lets go of an entry, and of those upon a thing that there will not be. */
  function drop(entry: Entry): void {
    state.update(() => {
      const isUpon = (other: Entry) => other.thing === entry.thing && other.after.includes(entry.id)
      const upon = entry.effect === 'put' ? all().filter(isUpon) : []
      for (const follower of all()) if (!upon.includes(follower)) release(follower, entry)
      for (const one of [entry, ...upon]) end(one, 'dropped')
    })
  }

  return {
    add,
    next,
    settle,
    refuse,
    contest,
    /** The conflicts as they are now. */
    conflicts: (): Conflict[] =>
      all()
        .filter((entry) => entry.state === 'conflict')
        .map((entry) => ({ write: entry, fields: sidesOf(entry, theirsOf(entry)) })),
    /** These things were in the feed. */
    hear(ids: ReadonlySet<string>): void {
      for (const entry of all()) {
        if (entry.verb !== 'create' || entry.sent === undefined || !ids.has(entry.thing)) continue
        entry.isSeen = true
        state.set(entry)
      }
    },
    /** What is in conflict no more goes on by itself. */
    recheck(): void {
      for (const entry of all().filter((one) => one.state === 'conflict')) {
        const theirs = theirsOf(entry)
        const isOver = theirs ? conflictsOf(entry, theirs).length === 0 : entry.verb === 'remove'
        if (isOver) state.update(() => requeue(entry))
      }
    },
    /** Decides a conflict as somebody saw it: what changed since is another one. */
    resolve({ write, fields }: Conflict, choice: Choice): void {
      const entry = present(write)
      if (entry?.state !== 'conflict') return
      const seen = Object.fromEntries(fields.map(({ name, theirs }) => [name, theirs]))
      const chosen = typeof choice === 'object' ? pick(choice, (name) => name in entry.fields) : {}
      state.update(() => {
        if (choice === 'theirs') return end(entry, 'dropped')
        entry.fields = { ...entry.fields, ...chosen }
        entry.base = { ...entry.base, ...seen }
        if (entry.occurrence !== undefined) entry.occurrence = doneOf(theirsOf(entry) ?? {})
        requeue(entry)
      })
    },
    /** Sends a refused write once more. */
    retry(write: Write): void {
      const entry = present(write)
      if (entry?.state === 'refused') state.update(() => requeue(entry))
    },
    /** Lets go of a write that is not on its way, and of those upon it. False if it is too late for that. */
    drop(write: Write): boolean {
      const entry = present(write)
      if (!entry || entry.sent !== undefined) return false
      drop(entry)
      return true
    },
    /** Takes back a write: it is dropped while nobody has it, or may just be sending it; else the server undoes it. */
    undo(write: Write, { force, isShared }: { force?: boolean; isShared?: boolean } = {}): Write | undefined {
      const entry = present(write)
      const isHere = entry && entry.sent === undefined && !isShared
      if (isHere) drop(entry)
      if (isHere) return undefined
      if (!entry && write.revision === undefined) return undefined
      const { kind, thing, revision: undoes = write.id } = write
      return add({ ...inverseOf(write), kind, thing, verb: 'undo', undoes, query: { force } })
    },
  }
}

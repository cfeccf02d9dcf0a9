import type { User } from '../api.ts'
import { form } from './kinds.ts'
import { createLayers, nameOf } from './layers.ts'
import type { Saver } from './saving.ts'
import { emptyTable, type Table } from './table.ts'
import { renew, type Kept } from './tabs.ts'
import { same, type Entry, type Kind, type Thing } from './write.ts'

/** What is other than before. */
export interface Changed {
  /** The ids of the tasks that are shown otherwise, or no more. */
  readonly tasks: ReadonlySet<string>
  readonly projects: ReadonlySet<string>
  /** Whether a write was added, or is in another state. */
  readonly writes: boolean
  readonly profile: boolean
  readonly status: boolean
}

/** How far the copy has come, and whose it is. */
interface Head {
  form: string
  /** Everything up to this revision is in the copy; undefined before it was read. */
  position: number | undefined
  profile: User | undefined
}

/** The copy, the queue, and what they look like together. Each change of it is in memory at once, and kept soon. */
export type State = ReturnType<typeof createState>

export function createState(saver: Saver, listeners: ReadonlySet<(changed: Changed) => void>) {
  const tables: Record<Kind, Table> = { task: emptyTable(), project: emptyTable() }
  const kinds = ['task', 'project'] as const
  /** In the order of the queue. */
  const entries = new Map<string, Entry>()
  /** What is done, but whose family the feed has still to tell. */
  const lingering = new Set<Entry>()
  const layers = createLayers()
  const head: Head = { form, position: undefined, profile: undefined }
  let depth = 0
  let changed = nothing()

  /** Makes changes that are shown together. */
  function update<Result>(work: () => Result): Result {
    depth += 1
    try {
      return work()
    } finally {
      depth -= 1
      if (depth === 0) show()
    }
  }

  function show(): void {
    for (const kind of kinds) for (const id of tables[kind].touched) showThing(kind, id)
    const told = { ...changed, tasks: shown('task'), projects: shown('project') }
    changed = nothing()
    const isNews = told.writes || told.profile || told.status || told.tasks.size + told.projects.size > 0
    if (isNews) for (const listener of listeners) listener(told)
  }

  function showThing(kind: Kind, id: string): void {
    const { copy, view, touched } = tables[kind]
    const thing = layers.over(kind, id, copy.get(id))
    if (same(thing, view.get(id))) touched.delete(id)
    else if (thing) view.set(id, thing)
    else view.delete(id)
  }

  function shown(kind: Kind): ReadonlySet<string> {
    const table = tables[kind]
    const { touched } = table
    if (touched.size > 0) table.list = undefined
    table.touched = new Set()
    return touched
  }

  function touch(entry: Entry): void {
    const { kind, thing, family } = entry
    layers.lay(entry, lingering.has(entry))
    changed.writes = true
    tables[kind].touched.add(thing)
    for (const id of family) tables.task.touched.add(id)
  }

  /** A copy that lacks fields is read again. */
  function takeHead(text: string): void {
    const kept: Head = JSON.parse(text)
    Object.assign(head, kept, { form, position: kept.form === form ? kept.position : undefined })
  }

  function take({ name, text, end }: Kept): void {
    const [kind, id = ''] = name.split('/')
    if (kind === 'head' && text !== undefined) {
      takeHead(text)
      changed.profile = true
    } else if (kind === 'write') takeEntry(id, text, end)
    else if (kind === 'task' || kind === 'project') {
      const thing: Thing | undefined = text === undefined ? undefined : JSON.parse(text)
      if (thing) tables[kind].copy.set(id, thing)
      else tables[kind].copy.delete(id)
      tables[kind].touched.add(id)
    }
  }

  /** Whoever holds the entry sees what became of it. */
  function takeEntry(id: string, text: string | undefined, end: Kept['end']): void {
    const kept: Entry | undefined = text === undefined ? undefined : JSON.parse(text)
    const entry = entries.get(id) ?? kept
    if (!entry) return
    if (!kept || kept.place !== entry.place) entries.delete(id)
    if (kept) entries.set(id, renew(entry, kept))
    else Object.assign(entry, end ?? { state: 'dropped' })
    touch(entry)
  }

  const keepHead = () => saver.keep('head', head)

  return {
    head: head as Readonly<Head>,
    /** What lies over a thing. */
    on: layers.on,
    entries: entries as ReadonlyMap<string, Entry>,
    update,

    copy: (kind: Kind): ReadonlyMap<string, Thing> => tables[kind].copy,
    view: (kind: Kind): ReadonlyMap<string, Thing> => tables[kind].view,
    /** All that is shown; the same list until it changes. */
    list: (kind: Kind): readonly Thing[] => (tables[kind].list ??= [...tables[kind].view.values()]),

    /** Takes over a thing as the server told it, unless something newer is known. */
    put(kind: Kind, thing: Thing): void {
      const { copy, gone, touched } = tables[kind]
      // What the copy does not have is deleted since, if it is not newer than the copy.
      const known = copy.get(thing.id)?.revision ?? gone.get(thing.id) ?? head.position ?? -1
      if (thing.revision <= known) return
      copy.set(thing.id, thing)
      gone.delete(thing.id)
      touched.add(thing.id)
      saver.keep(nameOf(kind, thing.id), thing)
    },
    /** A thing is deleted since this revision. */
    remove(kind: Kind, id: string, revision: number): void {
      const { copy, gone, touched } = tables[kind]
      const known = copy.get(id)?.revision
      if (known !== undefined && known > revision) return
      if (revision > (head.position ?? 0)) gone.set(id, revision)
      if (!copy.delete(id)) return
      touched.add(id)
      saver.keep(nameOf(kind, id), undefined)
    },
    /** The copy now has everything up to a revision. */
    advance(position: number): void {
      head.position = position
      keepHead()
      for (const { gone } of Object.values(tables))
        for (const [id, revision] of gone) if (revision <= position) gone.delete(id)
      for (const entry of lingering) {
        if ((entry.revision ?? 0) > position) continue
        lingering.delete(entry)
        touch(entry)
      }
    },
    /** Puts another copy in the place of this one. */
    replace(kind: Kind, things: ReadonlyMap<string, Thing>): void {
      const table = tables[kind]
      for (const id of table.copy.keys()) {
        table.touched.add(id)
        if (!things.has(id)) saver.keep(nameOf(kind, id), undefined)
      }
      for (const [id, thing] of things) {
        table.touched.add(id)
        saver.keep(nameOf(kind, id), thing)
      }
      table.gone.clear()
      table.copy = new Map(things)
    },
    startOver(): void {
      head.position = undefined
      keepHead()
    },
    setProfile(profile: User | undefined): void {
      head.profile = profile
      changed.profile = true
      keepHead()
    },
    tellStatus: () => update(() => void (changed.status = true)),
    tellWrites: () => update(() => void (changed.writes = true)),

    /** Adds an entry, or keeps what is other about it; behind all others if that is said. */
    set(entry: Entry, isLast = false): void {
      saver.keep(`write/${entry.id}`, { ...entry, ...(entry.state === 'saving' && { state: 'waiting' }) })
      if (isLast) entries.delete(entry.id)
      entries.set(entry.id, entry)
      touch(entry)
    },
    /** Lets go of an entry, which has come to its end. */
    delete(entry: Entry): void {
      const isUntold = entry.state === 'done' && (entry.revision ?? 0) > (head.position ?? 0)
      if (isUntold && entry.family.length > 0) lingering.add(entry)
      entries.delete(entry.id)
      touch(entry)
      saver.keep(`write/${entry.id}`, undefined)
    },

    /** Takes over what was kept. */
    load(kept: Iterable<readonly [name: string, text: string]>): void {
      for (const [name, text] of kept) take({ name, text })
      const inOrder = [...entries.values()].toSorted((a, b) => a.place - b.place)
      entries.clear()
      for (const entry of inOrder) {
        entries.set(entry.id, entry)
        touch(entry)
      }
    },
    /** Takes over what another replica of the same storage kept. */
    absorb(kept: Iterable<Kept>): void {
      for (const one of kept) take(one)
    },
    /** Forgets everything. */
    clear(): void {
      for (const entry of [...entries.values(), ...lingering]) {
        lingering.delete(entry)
        touch(Object.assign(entry, { state: 'dropped' }))
      }
      for (const kind of kinds) {
        for (const id of tables[kind].view.keys()) tables[kind].touched.add(id)
        tables[kind].copy.clear()
      }
      entries.clear()
      Object.assign(head, { position: undefined, profile: undefined })
      changed.profile = true
    },
  }
}

const nothing = () => ({ writes: false, profile: false, status: false })

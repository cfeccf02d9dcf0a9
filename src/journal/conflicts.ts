import { isDeepStrictEqual as isSame } from 'node:util'
import type { Fault } from '../core/errors.ts'
import type { JournalEntry, Writing } from '../revisions/revisions.ts'
import { kindOf, type Kind } from '../things/things.ts'
import { readState, type State } from './state.ts'

/** The changes of a group that are about one thing, the newest first, and how the thing is before the undo. */
interface Subject {
  kind: Kind
  id: string
  changes: JournalEntry[]
  values: Map<string, unknown>
  state: State['state']
  /** Whether something changed the thing after the group did. */
  isChanged: boolean
}

/** Everything that stands against the undo of a group, by the address of each thing and its field. */
export async function conflictsOf(
  writing: Writing,
  kinds: readonly Kind[],
  group: JournalEntry[],
): Promise<Fault[]> {
  const faults: Fault[] = []
  for (const [, changes] of Map.groupBy(group, ({ kind, thingId }) => `${kind} ${thingId}`)) {
    const subject = await readSubject(writing, kinds, changes)
    const thing = subject.kind.addressOf(subject.id)
    for (const [pointer, detail] of conflictsAbout(subject)) faults.push({ thing, pointer, detail })
  }
  return faults
}

async function readSubject(
  writing: Writing,
  kinds: readonly Kind[],
  changes: JournalEntry[],
): Promise<Subject> {
  const [newest] = changes
  if (!newest) throw new Error('a group without changes')
  const { kind: name, thingId: id } = newest
  const kind = kindOf(kinds, name)
  const { state, thing } = await readState(writing, kind, id)
  const values = new Map<string, unknown>(Object.entries(thing ?? {}))
  return { kind, id, changes, values, state, isChanged: values.get('revision') !== newest.revision }
}

/** Goes through the changes as the undo would, and notes by pointer what stands against it. */
function conflictsAbout(subject: Subject): Map<string, string> {
  const conflicts = new Map<string, string>()
  if (subject.state === 'erased') return conflicts.set('', 'was erased for good')
  for (const change of subject.changes) {
    if (change.action === 'update') judgeUpdate(subject, change, conflicts)
    else if (change.action === 'delete') judgeDelete(subject, change, conflicts)
    else judgeCreateOrRestore(subject, change, conflicts)
  }
  return conflicts
}

/** A field counts as changed since if it has neither the value that the change gave it nor the one from before. */
function judgeUpdate(
  { state, values }: Subject,
  { fields }: JournalEntry,
  conflicts: Map<string, string>,
): void {
  if (state === 'trashed') return void conflicts.set('', 'was deleted since; restore it first')
  for (const [name, [before, after]] of Object.entries(fields)) {
    const now = values.get(name)
    if (!isSame(now, after) && !isSame(now, before)) conflicts.set(`/${name}`, 'was changed since')
    values.set(name, before)
  }
}

function judgeDelete(subject: Subject, { replaced }: JournalEntry, conflicts: Map<string, string>): void {
  if (subject.state === 'live') conflicts.set('', 'is there again')
  subject.state = replaced && replaced.deletedAt !== null ? 'trashed' : 'live'
}

/** What was changed since would go with the thing, so any later change stands against it. */
function judgeCreateOrRestore(
  subject: Subject,
  { action, fields, replaced }: JournalEntry,
  conflicts: Map<string, string>,
): void {
  const { kind, values, state, isChanged } = subject
  const isAtStake = state === 'live' || replaced !== undefined
  subject.state = 'trashed'
  if (!isAtStake || !isChanged) return
  const isOther = (name: string) => !isSame(values.get(name), fields[name]?.[1] ?? null)
  const changed = action === 'create' ? kind.fieldNames.filter(isOther) : []
  for (const name of changed) conflicts.set(`/${name}`, 'was changed since')
  if (changed.length === 0) conflicts.set('', 'was changed since')
}

import { agrees, isObject, pick, same, type Conflict, type Entry, type Fields, type Thing } from './write.ts'

/** What is nobody's to write, and where a thing stands, do not make it another one. */
const immaterial = new Set(['id', 'revision', 'createdAt', 'updatedAt', 'completedAt', 'position'])

/** What a removal is based on. */
export const contentOf = (thing: Thing): Fields => pick(thing, (name) => !immaterial.has(name))

/** How many occurrences of a task that recurs are done; undefined of others. */
export function doneOf({ recurrence }: Fields): number | undefined {
  return isObject(recurrence) && typeof recurrence['done'] === 'number' ? recurrence['done'] : undefined
}

/** The fields that changed since to something else than what the entry makes of them. */
export const conflictsOf = ({ base, fields }: Entry, theirs: Thing): string[] =>
  Object.keys(base).filter((name) => {
    if (name === 'labels' && name in fields) return false
    // A subtask is where its parent is.
    if (name === 'projectId' && typeof fields['parentId'] === 'string') return false
    const [before, now] = [comparable(base[name], fields[name]), comparable(theirs[name], fields[name])]
    return !same(before, now) && !(name in fields && agrees(theirs[name], fields[name]))
  })

/** Each field of a conflict with its three values. */
export const sidesOf = ({ conflicts, base, fields }: Entry, theirs: Thing | undefined): Conflict['fields'] =>
  conflicts.map((name) => ({ name, base: base[name], mine: fields[name], theirs: theirs?.[name] }))

/** Of a recurrence, a write means no more than what it says, and never how many occurrences are done. */
function comparable(value: unknown, mine: unknown): unknown {
  if (!isObject(value)) return value
  return pick(value, (name) => name !== 'done' && (!isObject(mine) || name in mine))
}

/** The fields to send, so that nothing is lost of what the thing has now. */
export function rebased({ base, fields }: Entry, theirs: Thing | undefined): Fields {
  if (!theirs || !('labels' in fields)) return fields
  return { ...fields, labels: mergedList(base['labels'], fields['labels'], theirs['labels']) }
}

/** Labels are a set: what was added or removed here is added to or removed from what there is now. */
function mergedList(base: unknown, mine: unknown, theirs: unknown): unknown {
  if (!isNames(base) || !isNames(mine) || !isNames(theirs) || same(base, theirs)) return mine
  const had = new Set(base.map(keyOf))
  const [wanted, present] = [new Set(mine.map(keyOf)), new Set(theirs.map(keyOf))]
  const kept = theirs.filter((name) => wanted.has(keyOf(name)) || !had.has(keyOf(name)))
  return [...kept, ...mine.filter((name) => !had.has(keyOf(name)) && !present.has(keyOf(name)))]
}

export const isNames = (value: unknown): value is readonly string[] => Array.isArray(value)

/** Labels that differ only in letter case are one. */
export const keyOf = (label: string): string => label.normalize('NFC').toLowerCase()

/** The thing as it is shown once the entry is laid over it. */
export function lay(entry: Entry, id: string, thing: Thing | undefined): Thing | undefined {
  const { effect, whole } = entry
  if (entry.thing !== id) return thing && layOnFamily(entry, thing)
  switch (effect) {
    case 'put':
      return thing ?? whole
    case 'drop':
      return undefined
    case 'patch':
      return thing && { ...thing, ...patched(entry, thing) }
    case 'none':
      return thing
  }
}

function layOnFamily({ effect, fields, query }: Entry, thing: Thing): Thing | undefined {
  if (effect === 'drop') return query?.tasks === 'keep' ? { ...thing, projectId: null } : undefined
  return 'projectId' in fields ? { ...thing, projectId: fields['projectId'] } : thing
}

function patched(entry: Entry, thing: Thing): Fields {
  const fields = rebased(entry, thing)
  const { recurrence, status } = fields
  const now = isObject(thing['recurrence']) ? thing['recurrence'] : {}
  return {
    ...fields,
    ...(isObject(recurrence) && { recurrence: { ...begun({ ...thing, ...fields }), ...now, ...recurrence } }),
    ...(status !== undefined && { completedAt: status === 'complete' ? entry.at : null }),
  }
}

/** A recurrence as the server will tell it, of what was left out. */
export const begun = ({ dueDate }: Fields): Fields => ({ from: 'due', start: dueDate, done: 0 })

/** The values as the server will tell them, so that what is shown does not change when it answers. */
export function normalized(given: Fields): Fields {
  return Object.fromEntries(
    Object.entries(given).flatMap(([name, value]) =>
      value === undefined ? [] : [[name, normal(name, value)]],
    ),
  )
}

function normal(name: string, value: unknown): unknown {
  if (name === 'labels' && isNames(value)) return value.map((label) => label.trim())
  if (typeof value !== 'string') return value
  if (name === 'title' || name === 'name') return value.trim()
  if (name === 'color') return value.toLowerCase()
  const at = name === 'dueDate' && /t/i.test(value) ? Date.parse(value) : Number.NaN
  return Number.isNaN(at) ? value : new Date(at).toISOString()
}

import type { State } from './state.ts'
import { isOnItsWay, pick, type Draft, type Entry } from './write.ts'

/** The writes on their way that must be done before an entry. */
export function neededBy(entry: Entry, { on, entries }: Pick<State, 'on' | 'entries'>): string[] {
  const { kind, thing, fields, base } = entry
  const above = [on(kind, thing), on('project', fields['projectId']), on('task', fields['parentId'])]
  // What was in a project, and was moved out of it, does not go with it.
  const moved = entry.verb === 'remove' ? [...entries.values()].filter((other) => isLeft(entry, other)) : []
  const others = new Set([...above.flat(), ...on('project', base['projectId']), ...moved])
  return [...others].filter((other) => isNeeded(entry, other)).map(({ id }) => id)
}

function isNeeded(entry: Entry, other: Entry): boolean {
  if (!isOnItsWay(other)) return false
  if (other.thing !== entry.thing) return other.verb !== 'update' || isLeft(entry, other)
  if (entry.verb !== 'update' || other.verb !== 'update') return true
  return Object.keys(entry.base).some((name) => name in other.base)
}

const isLeft = ({ thing }: Entry, { base }: Entry): boolean =>
  base['projectId'] === thing || base['parentId'] === thing

/** What an undo does to what is shown. */
export function inverseOf(
  write: Partial<Entry>,
): Pick<Draft, 'effect' | 'fields' | 'base' | 'whole' | 'family'> {
  const { effect = 'none', fields = {}, base = {}, whole, family = [] } = write
  const isOwn = (name: string) => name in fields
  const inverse = { put: 'drop', drop: 'put', patch: 'patch', none: 'none' } as const
  return { effect: inverse[effect], fields: pick(base, isOwn), base: fields, whole, family }
}

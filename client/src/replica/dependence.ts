import { isOnItsWay, pick, type Draft, type Entry } from './write.ts'

/** Whether an entry can only be done after another one, which was there before. */
export function needs(entry: Entry, other: Entry): boolean {
  if (!isOnItsWay(other) && other.effect !== 'put') return false
  const places = [entry.fields['projectId'], entry.fields['parentId'], entry.base['projectId']]
  if (other.thing !== entry.thing) {
    const isInside = other.verb !== 'update' && other.family.includes(entry.thing)
    const isLeft = other.base['projectId'] === entry.thing || other.base['parentId'] === entry.thing
    return (
      (other.effect === 'put' && places.includes(other.thing)) || isInside || (isOnItsWay(other) && isLeft)
    )
  }
  if (entry.verb !== 'update' || other.verb !== 'update') return true
  return Object.keys(entry.base).some((name) => name in other.base)
}

/** What an undo does to what is shown. */
export function inverseOf(
  write: Partial<Entry>,
): Pick<Draft, 'effect' | 'fields' | 'base' | 'whole' | 'family'> {
  const { effect = 'none', fields = {}, base = {}, whole, family = [] } = write
  const isOwn = (name: string) => name in fields
  const inverse = { put: 'drop', drop: 'put', patch: 'patch', none: 'none' } as const
  return { effect: inverse[effect], fields: pick(base, isOwn), base: fields, whole, family }
}

import { lay } from './merge.ts'
import { isOnItsWay, type Entry, type Kind, type Thing } from './write.ts'

/** Which entries are laid over which things. */
export interface Layers {
  /** Takes over how an entry is now; it lies above those that came before. */
  lay(entry: Entry, isLingering?: boolean): void
  /** What lies over a thing. */
  on(kind: Kind, id: unknown): readonly Entry[]
  /** A thing with all that lies over it. */
  over(kind: Kind, id: string, thing: Thing | undefined): Thing | undefined
}

export function createLayers(): Layers {
  const above = new Map<string, Set<Entry>>()
  const places = new Map<Entry, readonly string[]>()

  function put(entry: Entry, names: readonly string[]): void {
    for (const name of places.get(entry) ?? []) above.get(name)?.delete(entry)
    for (const name of names) above.set(name, (above.get(name) ?? new Set()).add(entry))
    if (names.length > 0) places.set(entry, names)
    else places.delete(entry)
  }

  const on = (kind: Kind, id: unknown): readonly Entry[] => [...(above.get(`${kind}/${String(id)}`) ?? [])]

  return {
    lay(entry, isLingering = false) {
      const family = entry.family.map((id) => nameOf('task', id))
      if (isOnItsWay(entry)) put(entry, [nameOf(entry.kind, entry.thing), ...family])
      else put(entry, isLingering ? family : [])
    },
    on,
    over: (kind, id, thing) => on(kind, id).reduce((below, entry) => lay(entry, id, below), thing),
  }
}

export const nameOf = (kind: Kind, id: string): string => `${kind}/${id}`

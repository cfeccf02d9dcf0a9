import type { Row } from '../database/columns.ts'
import type { Queryable } from '../database/database.ts'
import type { Json } from './kind.ts'
import type { Model, Thing } from './model.ts'
import * as store from './store.ts'

// Things are kept as they are answered, beside their columns: to make the JSON of a page takes longer than all else.

/** Longer JSON is made again for each answer: what it holds is stored often enough. */
const mostCharacters = 4000

/** What is kept of a thing's JSON. */
export const toKeep = (json: string): string | null => (json.length > mostCharacters ? null : json)

/** Writes things with these members, in this order. The revision must come last. */
export function jsonOf(keys: readonly string[]): (thing: Thing) => string {
  const members = keys.map((key, i) => ({ key, begin: `${i === 0 ? '{' : ','}${JSON.stringify(key)}:` }))
  return (thing) => {
    let text = ''
    for (const { key, begin } of members) text += begin + JSON.stringify(thing[key])
    return `${text}}`
  }
}

/** The JSON that is kept of a row; undefined where none is, or where its columns were changed without it. */
export const keptJson = ({ json, revision }: Row): string | undefined =>
  typeof json === 'string' && revisionIn(json) === revision ? json : undefined

/** A live thing as JSON. */
export async function findJson<T extends Thing>(
  model: Model<T>,
  db: Queryable,
  ownerId: string,
  id: string,
): Promise<Json | undefined> {
  const found = await store.findJson(db, model.table, ownerId, id)
  if (!found) return undefined
  const json = keptJson(found)
  if (json !== undefined) return { json, revision: found.revision }
  const row = await store.findRow(db, model.table, ownerId, id, 'live')
  const thing = row && model.fromRow(row)
  return thing && { json: model.json(thing), revision: thing.revision }
}

function revisionIn(json: string): number {
  let revision = 0
  for (let i = json.length - 2, place = 1; ; i -= 1, place *= 10) {
    const digit = json.charCodeAt(i) - 48
    if (!(digit >= 0 && digit <= 9)) return revision
    revision += digit * place
  }
}

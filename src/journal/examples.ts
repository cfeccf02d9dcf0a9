import type { Resource } from '../things/things.ts'
import type { History } from './schema.ts'

/** The history of a thing that was created, for the API's description. */
export function historyOf({ fieldNames, examples: { thing } }: Resource): History {
  const fields = fieldNames
    .filter((name) => thing[name] !== null)
    .map((name) => [name, { from: null, to: thing[name] }] as const)
  const created = {
    revision: thing.revision,
    at: thing.createdAt,
    action: 'create',
    sessionId: '019aa8b1-02d0-7a15-b3c8-9e0f2d4c6a71',
    origin: 'request',
    fields: Object.fromEntries(fields),
  }
  return { items: [created], nextCursor: null }
}

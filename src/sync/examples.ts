import type { Resource } from '../things/things.ts'
import type { Changes, Ticket } from './schema.ts'

/** A page of the feed with one thing of each kind that was created, for the API's description. */
export function changesOf(resources: readonly Resource[]): Changes {
  const items = resources.map(({ name, examples: { thing } }) => {
    const others = resources.map((other) => [other.name, other.name === name ? thing : null] as const)
    const { id, revision, createdAt: at } = thing
    return { revision, at, kind: name, id, action: 'create' as const, ...Object.fromEntries(others) }
  })
  return { items, revision: Math.max(0, ...items.map(({ revision }) => revision)), more: false }
}

const ticket: Ticket = { ticket: 'UrJ5O27UFRdp84RP…', expiresIn: 60 }

export const ticketing = { ticket: { summary: 'A ticket for one stream', status: 201, answer: ticket } }

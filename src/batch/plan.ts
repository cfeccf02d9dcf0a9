import { AppError } from '../core/errors.ts'
import { isId } from '../core/id.ts'
import type { Match } from '../core/match.ts'
import type { Action, Removal, Resource } from '../things/things.ts'
import type { Planned, Refusal, Step } from './batch.ts'
import type { Operation } from './schema.ts'

/** A kind of thing that operations write, with what judges their bodies and queries; each throws `validation-failed`. */
export interface Target {
  resource: Resource
  judges: Record<'create' | 'replace' | 'change' | 'move', (body: unknown) => object>
  readRemoval: (query: string) => Removal
}

/** Reads the conditions of an operation. */
type ReadMatch = (ifMatch: string | undefined, ifNoneMatch: string | undefined) => Match

/** Reads an operation as the request that it stands for; one that is at fault becomes its refusal. */
export function plan(targets: readonly Target[], readMatch: ReadMatch, operation: Operation): Planned {
  const { method, path, body, ifMatch, ifNoneMatch } = operation
  const [, collection, id, verb, query] = parts.exec(path) ?? []
  const target = targets.find(({ resource }) => resource.path === collection)
  const what = target && verbOf(method, id, verb, target.resource)
  if (!what || (what === 'move' && !target.resource.order)) return wrongPath(targets, method)
  const { resource, judges } = target

  if (query !== undefined && what !== 'delete') return refused('/path', 'must have no query')
  if (body !== undefined && isBodiless(what)) return unwanted('body', operation)
  const match = readMatch(ifMatch, ifNoneMatch)
  if (what === 'create') {
    if (ifMatch !== undefined) return unwanted('ifMatch', operation)
    if (ifNoneMatch !== undefined) return unwanted('ifNoneMatch', operation)
    return judged('/body', () => ({ resource, what, body: judges[what](body) }))
  }
  const known = { resource, id: id ?? '', match }
  if (typeof what === 'object') return { ...known, what: 'act', action: what }
  if (what === 'delete')
    return judged('/path', () => ({ ...known, what, removal: target.readRemoval(query ?? '') }))
  return judged('/body', () => ({ ...known, what, body: judges[what](body) }))
}

const isBodiless = (what: Verb): boolean => what === 'delete' || typeof what === 'object'

/** A verb of all kinds, or an action of one. */
type Verb = Exclude<Step['what'], 'act'> | Action

/** A collection, an id, a verb and a query. */
const parts = /^(\/[^/?]*)(?:\/([^/?]*))?(?:\/([^/?]*))?(?:\?(.*))?$/s

/** What a method does at a collection, at one of its things, or at a verb of that thing. */
function verbOf(
  method: Operation['method'],
  id: string | undefined,
  verb: string | undefined,
  { actions }: Resource,
): Verb | undefined {
  if (id === undefined) return method === 'POST' ? 'create' : undefined
  if (!isId(id)) return undefined
  if (method === 'POST') {
    if (verb === 'move') return verb
    return Object.hasOwn(actions, verb ?? '') ? actions[verb ?? ''] : undefined
  }
  return verb === undefined ? atOne[method] : undefined
}

const atOne = { PUT: 'replace', PATCH: 'change', DELETE: 'delete' } as const

function judged(at: string, make: () => Step): Planned {
  try {
    return make()
  } catch (error) {
    if (error instanceof AppError) return { error, at }
    throw error
  }
}

function wrongPath(targets: readonly Target[], method: string): Refusal {
  const resources = targets.map(({ resource }) => resource)
  const places =
    method === 'POST'
      ? resources.flatMap(({ path, order, actions }) => [
          path,
          ...Object.keys(actions).map((verb) => `${path}/{id}/${verb}`),
          ...(order ? [`${path}/{id}/move`] : []),
        ])
      : resources.map(({ path }) => `${path}/{id}`)
  const detail = `${method} goes to ${places.join(', ')} here, with the id of one of your things.`
  return { error: new AppError('not-found', detail), at: '/path' }
}

const refused = (at: string, detail: string): Refusal => ({
  error: new AppError('validation-failed', `${at} ${detail}.`, { faults: [{ pointer: '', detail }] }),
  at,
})

/** Nothing that was sent is dropped silently. */
const unwanted = (field: string, { method, path }: Operation): Refusal =>
  refused(`/${field}`, `must be left out of ${method} ${path}`)

import assert from 'node:assert/strict'
import fc from 'fast-check'
import { fields as declared } from '../src/tasks/fields.ts'
import type { GivenTask } from '../src/tasks/schema.ts'
import type { Field } from '../src/things/things.ts'
import type { Answer, User } from './harness.ts'
import { walk } from './list-model.ts'
import { isMade, samples } from './samples.ts'

/** A write that may stand in a batch; numbers choose among what is known, wrapping around. */
export type Single =
  | { what: 'create'; fields: Fields }
  | { what: 'patch' | 'replace'; which: number; fields: Fields }
  | { what: 'delete'; which: number }

/** A write that a client may ask for. */
export type Write =
  | Single
  | { what: 'createAt'; fields: Fields }
  | { what: 'erase' | 'restore' | 'recreate'; which: number }
  | { what: 'undo'; which: number; force: boolean }
  | { what: 'batch'; writes: Single[]; atomic: boolean }
  | { what: 'rename'; name: string }

export type Fields = GivenTask

/**
 * Any of the samples of each field; null too where it clears the field. Fields that hold ids are left out: they are
 * about several things, and `organise/tree-model.test.ts` tries them. So is the recurrence: see `recurrence/`.
 */
const fields = fc.record<Fields, 'title'>(
  Object.fromEntries(
    Object.entries<readonly unknown[]>(samples)
      .filter(([name, values]) => !values.some(isMade) && name !== 'recurrence')
      .map(([name, values]) => [name, fc.constantFrom(...values, ...emptyOf(name))]),
  ) as { [Name in keyof Required<Fields>]: fc.Arbitrary<Required<Fields>[Name]> },
  { requiredKeys: ['title'] },
)

function emptyOf(name: string): unknown[] {
  const {
    isClearable,
    isRequired,
    isSettled,
    default: value,
  } = new Map<string, Field>(Object.entries(declared)).get(name) ?? assert.fail(name)
  return isClearable || !(isRequired || isSettled) ? [value] : []
}
const which = fc.oneof(fc.nat(2), fc.nat(2), fc.nat(1000)) // often the same few, the newest

export const single: fc.Arbitrary<Single> = fc.oneof(
  fc.record({ what: fc.constant('create' as const), fields }),
  fc.record({ what: fc.constantFrom('patch' as const, 'patch' as const, 'replace' as const), which, fields }),
  fc.record({ what: fc.constant('delete' as const), which }),
)

export const anyWrite: fc.Arbitrary<Write> = fc.oneof(
  { weight: 8, arbitrary: single },
  { weight: 1, arbitrary: fc.record({ what: fc.constant('createAt' as const), fields }) },
  {
    weight: 3,
    arbitrary: fc.record({
      what: fc.constantFrom('erase' as const, 'restore' as const, 'recreate' as const),
      which,
    }),
  },
  { weight: 5, arbitrary: fc.record({ what: fc.constant('undo' as const), which, force: fc.boolean() }) },
  {
    weight: 3,
    arbitrary: fc.record({
      what: fc.constant('batch' as const),
      writes: fc.array(single, { minLength: 1, maxLength: 6 }),
      atomic: fc.boolean(),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ what: fc.constant('rename' as const), name: fc.constantFrom('A', 'B') }),
  },
)

/** What its writers know of a user: the ids of tasks that ever were, and the revisions that writes took. */
export interface Known {
  ids: string[]
  revisions: number[]
}

const nowhere = '00000000-0000-7000-8000-000000000000'
const pick = <T>(from: T[], index: number, none: T): T =>
  from.at(-1 - (index % Math.max(from.length, 1))) ?? none

/** Sends the write and notes what it made known. */
export async function perform(user: User, known: Known, write: Write): Promise<Answer> {
  const answer = await send(user, known, write)
  assert.ok(answer.status < 500, answer.text)
  if (answer.status === 201) known.ids.push(answer.body.id)
  for (const { status, body } of answer.body.results ?? []) if (status === 201) known.ids.push(body.id)
  const revision = answer.headers.get('docket-revision')
  if (revision) known.revisions.push(Number(revision))
  return answer
}

function send(user: User, known: Known, write: Write): Promise<Answer> {
  switch (write.what) {
    case 'create':
    case 'patch':
    case 'replace':
    case 'delete': {
      const { method, path, body } = operationOf(known, write)
      return user.request(method, path, { body })
    }
    case 'createAt':
      return user.put(`/tasks/${crypto.randomUUID()}`, write.fields, { 'if-none-match': '*' })
    case 'recreate':
      return user.put(`/tasks/${targetOf(known, write)}`, { title: 'again' }, { 'if-none-match': '*' })
    case 'erase':
      return user.delete(`/tasks/${targetOf(known, write)}?permanent=true`)
    case 'restore':
      return user.post(`/tasks/${targetOf(known, write)}/restore`)
    case 'undo':
      return user.post(`/changes/${targetOf(known, write)}/undo?force=${write.force}`)
    case 'batch': {
      const operations = write.writes.map((one) => operationOf(known, one))
      return user.post(`/batch?atomic=${write.atomic}`, { operations })
    }
    case 'rename':
      return user.patch('/me', { name: write.name })
  }
}

const methods = { create: 'POST', patch: 'PATCH', replace: 'PUT', delete: 'DELETE' } as const

/** The request that a write is, alone or in a batch. */
export function operationOf(known: Known, write: Single): { method: string; path: string; body?: Fields } {
  return {
    method: methods[write.what],
    path: write.what === 'create' ? '/tasks' : `/tasks/${targetOf(known, write)}`,
    ...(write.what !== 'delete' && { body: write.fields }),
  }
}

/** The id, or for an undo the revision, that a write is about. */
export function targetOf(known: Known, write: Write): string | number {
  if (write.what === 'undo') return pick(known.revisions, write.which, 1)
  return 'which' in write ? pick(known.ids, write.which, nowhere) : nowhere
}

/** Every task that is there, by id. */
export const tasksOf = async (user: User) =>
  new Map((await walk(user, { limit: '100' })).map((task) => [task.id, task]))

import type { Position } from '../../src/core/cursor.ts'
import { createKeyring } from '../../src/core/keyring.ts'
import { always } from '../../src/core/match.ts'
import type { Database } from '../../src/database/database.ts'
import { mostPassedOver } from '../../src/sync/sync.ts'
import { readFilter, readSort } from '../../src/tasks/filter.ts'
import { countTasks, findTasks } from '../../src/tasks/list-store.ts'
import { sortKeys, type ListQuery } from '../../src/tasks/schema.ts'
import { taskResource } from '../../src/tasks/tasks.ts'
import { changeThing, createThing } from '../../src/things/things.ts'
import { secret } from './engine.ts'

export const pageSize = 10
const deepestPage = 10_000
const timeZone = 'Europe/Berlin'
const rowsAtOnce = 20_000

/** One thing that clients ask for, as one owner asks for it; `i` counts the runs. */
export interface Question {
  name: string
  isWrite?: boolean
  ask(db: Database, ownerId: string, i: number): Promise<unknown>
}

/** Everything that section after section of the contract lets a client ask of tasks; `now` is epoch milliseconds. */
export function questions(now: number): Question[] {
  const day = (offset: number) => new Date(now + offset * 86_400_000).toISOString().slice(0, 10)
  return [
    page({}, 'the list as it comes', now),
    page({ status: 'incomplete' }, '`status=incomplete`', now),
    page({ status: 'in_progress,cancelled' }, '`status=in_progress,cancelled`', now),
    page({ due: 'overdue' }, '`due=overdue`', now),
    page({ due: 'today' }, '`due=today`', now),
    page({ due: 'upcoming' }, '`due=upcoming`', now),
    page({ due: 'none' }, '`due=none`', now),
    page({ dueFrom: day(0), dueBefore: day(7) }, 'due within a week', now),
    page({ dueFrom: day(0), dueBefore: day(7), sort: 'dueDate' }, 'due within a week, `sort=dueDate`', now),
    page({ status: 'incomplete', sort: 'dueDate' }, '`status=incomplete`, `sort=dueDate`', now),
    page({ createdFrom: day(-30), createdBefore: day(-23) }, 'created in one week', now),
    page({ updatedFrom: day(-1) }, 'changed since yesterday', now),
    page({ deleted: true }, 'the trash', now),
    ...sortKeys.flatMap((key) => [
      page({ sort: key }, `\`sort=${key}\``, now),
      page({ sort: `-${key}` }, `\`sort=-${key}\``, now),
    ]),
    page({ sort: 'dueDate,-createdAt' }, '`sort=dueDate,-createdAt`', now),
    page({ sort: 'status,dueDate' }, '`sort=status,dueDate`', now),
    count({}, 'count of all', now),
    count({ status: 'incomplete' }, 'count of `status=incomplete`', now),
    count({ due: 'overdue' }, 'count of `due=overdue`', now),
    count({ due: 'upcoming' }, 'count of `due=upcoming`', now),
    {
      name: 'the sync feed, 100 changes',
      ask: (db, owner, i) => taskResource.listChanged(db, owner, i * 3, i * 3 + mostPassedOver, 101),
    },
  ]
}

/** A list where a walk over its pages comes to the 10,000th, or through a part of it where there are fewer. */
export async function deepQuestion(
  db: Database,
  ownerId: string,
  sort: string,
  now: number,
  part = 0.5,
): Promise<Question> {
  const filter = readFilter({ sort }, timeZone, now)
  const keys = readSort(sort)
  const total = await countTasks(db, ownerId, filter)
  const pageNumber = Math.min(deepestPage * part * 2, Math.floor((total * part) / pageSize))
  let after: Position | undefined
  for (let left = (pageNumber - 1) * pageSize; left > 0; left -= rowsAtOnce) {
    const rows = await findTasks(db, ownerId, filter, keys, after, Math.min(left, rowsAtOnce))
    after = rows.at(-1)?.position
  }
  return {
    name: `\`sort=${sort}\`, page ${pageNumber.toLocaleString('en')}`,
    ask: (reader) => findTasks(reader, ownerId, filter, keys, after, pageSize + 1),
  }
}

/** A read by id, of tasks here and there among an owner's. */
export async function readQuestion(db: Database, ownerIds: string[], now: number): Promise<Question> {
  const ids = new Map<string, string[]>()
  for (const ownerId of ownerIds) {
    const rows = await findTasks(
      db,
      ownerId,
      readFilter({}, timeZone, now),
      readSort('title'),
      undefined,
      rowsAtOnce,
    )
    ids.set(
      ownerId,
      rows.map(({ task }) => task.id),
    )
  }
  return {
    name: 'a read by id',
    ask(reader, ownerId, i) {
      const own = ids.get(ownerId) ?? []
      return taskResource.findLive(reader, ownerId, own[(i * 7919) % own.length] ?? '')
    },
  }
}

/** Writes as clients make them, one after another: each waits until it is on the disk. */
export function writeQuestions(now: () => number): Question[] {
  const keyring = createKeyring([secret])
  const made = new Map<string, string>()
  return [
    {
      name: 'a new task',
      isWrite: true,
      async ask(database, userId, i) {
        const fields = { title: `Renew the passport ${i}`, dueDate: i % 2 ? '2027-03-01' : null }
        const actor = { userId, sessionId: 'none' }
        const { value } = await createThing({ database, clock: now, keyring }, taskResource, actor, fields)
        made.set(userId, value.thing.id)
      },
    },
    {
      name: 'a change of a task',
      isWrite: true,
      async ask(database, userId, i) {
        const actor = { userId, sessionId: 'none' }
        const patch = { description: `Change ${i}` }
        const services = { database, clock: now, keyring }
        await changeThing(services, taskResource, actor, made.get(userId) ?? '', patch, always)
      },
    },
  ]
}

const page = (query: ListQuery, name: string, now: number): Question => ({
  name,
  ask: (db, ownerId) =>
    findTasks(db, ownerId, readFilter(query, timeZone, now), readSort(query.sort), undefined, pageSize + 1),
})

const count = (query: ListQuery, name: string, now: number): Question => ({
  name,
  ask: (db, ownerId) => countTasks(db, ownerId, readFilter(query, timeZone, now)),
})

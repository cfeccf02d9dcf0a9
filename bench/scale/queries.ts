import type { Position } from '../../src/core/cursor.ts'
import { createKeyring } from '../../src/core/keyring.ts'
import { always } from '../../src/core/match.ts'
import type { Database } from '../../src/database/database.ts'
import { readProjects } from '../../src/projects/projects.ts'
import { mostPassedOver } from '../../src/sync/sync.ts'
import { readFilter, readSort } from '../../src/tasks/filter.ts'
import { listLabels } from '../../src/tasks/labels-store.ts'
import { countTasks, findTasks } from '../../src/tasks/list-store.ts'
import { sortKeys, type ListQuery } from '../../src/tasks/schema.ts'
import { taskResource, tasksOfProjects } from '../../src/tasks/tasks.ts'
import { changeThing, createThing, type Asked, type Thing, type Written } from '../../src/things/things.ts'
import { sessionId } from './data.ts'
import { secret } from './engine.ts'
import { labels } from './organised.ts'
import type { Places } from './places.ts'

export const pageSize = 10
const deepestPage = 10_000
const timeZone = 'Europe/Berlin'
const rowsAtOnce = 20_000

/** Something that clients do. */
export interface Operation {
  name: string
  isWrite?: boolean
  /** Does it for one owner; `i` counts the runs. */
  run(db: Database, ownerId: string, i: number): Promise<unknown>
}

type PlacesOf = (ownerId: string) => Places

const searched = { rare: 'xylophone', common: 'passport' }

/** Every kind of list, count and feed that the API has; `now` is epoch milliseconds. */
export function reads(placesOf: PlacesOf, now: number): Operation[] {
  const day = (offset: number) => new Date(now + offset * 86_400_000).toISOString().slice(0, 10)
  return [
    page({}, 'the default list', now),
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
    ...inPlaces(placesOf, now),
    page({ project: 'none', sort: 'position' }, 'the inbox, `sort=position`', now),
    page({ label: labels.common }, '`label`, one in four has it', now),
    page({ label: labels.rare }, '`label`, one in 2,000 has it', now),
    page({ labelAll: `${labels.common},${labels.alsoCommon}` }, '`labelAll`, two that many have', now),
    page({ labelAll: `${labels.common},${labels.rare}` }, '`labelAll`, one of them rare', now),
    page({ priority: 'high' }, '`priority=high`', now),
    page({ priority: 'high,medium', sort: 'dueDate' }, '`priority=high,medium`, `sort=dueDate`', now),
    page({ q: searched.rare }, '`q`, no task has the word', now),
    page({ q: searched.common }, '`q`, one in 16 has the word', now),
    page({ q: searched.common, sort: 'position' }, '`q`, one in 16 has the word, `sort=position`', now),
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
    count({ label: labels.common }, 'count of `label`, one in four has it', now),
    count({ priority: 'high' }, 'count of `priority=high`', now),
    count({ q: searched.rare }, 'count of `q`, no task has the word', now),
    {
      name: 'the projects with their counts',
      run: (db, userId) => readProjects(db, tasksOfProjects, { userId, sessionId }, { count: true }),
    },
    { name: 'the labels with their counts', run: (db, owner) => listLabels(db, owner) },
    {
      name: 'the sync feed, 100 changes',
      run: (db, owner, i) => taskResource.listChanged(db, owner, i * 3, i * 3 + mostPassedOver, 101),
    },
  ]
}

/** Lists of a project and of a task's subtasks, each owner's own. */
function inPlaces(placesOf: PlacesOf, now: number): Operation[] {
  const of = (name: string, queryOf: (places: Places) => ListQuery): Operation => ({
    name,
    run: (db, owner, i) => page(queryOf(placesOf(owner)), name, now).run(db, owner, i),
  })
  return [
    of('a large project', ({ largeProject }) => ({ project: largeProject })),
    of('a large project, `sort=position`', ({ largeProject }) => ({
      project: largeProject,
      sort: 'position',
    })),
    of('a large project, `status=incomplete`, `sort=dueDate`', ({ largeProject }) => ({
      project: largeProject,
      status: 'incomplete',
      sort: 'dueDate',
    })),
    of('a small project', ({ smallProject }) => ({ project: smallProject })),
    of('a small project, `sort=position`', ({ smallProject }) => ({
      project: smallProject,
      sort: 'position',
    })),
    of('the subtasks of a task, `sort=position`', ({ parent }) => ({ parent, sort: 'position' })),
  ]
}

/** A page deep in a list: the 10,000th, or the middle one if there are fewer. With `part` 0.75 half as deep again. */
export async function deepPage(
  db: Database,
  ownerId: string,
  sort: string,
  now: number,
  part = 0.5,
): Promise<Operation> {
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
    run: (reader) => findTasks(reader, ownerId, filter, keys, after, pageSize + 1),
  }
}

/** A read by id, each time of another of the owner's tasks. */
export async function readById(db: Database, ownerIds: string[], now: number): Promise<Operation> {
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
      rows.map(({ position }) => String(position.at(-1))),
    )
  }
  return {
    name: 'a read by id',
    run(reader, ownerId, i) {
      const own = ids.get(ownerId) ?? []
      return taskResource.findLive(reader, ownerId, own[(i * 7919) % own.length] ?? '')
    },
  }
}

/** Writes, each of which waits until it is on disk. */
export function writes(placesOf: PlacesOf, now: () => number): Operation[] {
  const keyring = createKeyring([secret])
  const made = new Map<string, string>()
  return [
    {
      name: 'a new task',
      isWrite: true,
      async run(database, userId, i) {
        const { largeProject: projectId } = placesOf(userId)
        const dueDate = i % 2 ? '2027-03-01' : null
        const fields = {
          title: `Renew the passport ${i}`,
          dueDate,
          labels: [labels.common, 'town'],
          projectId,
        }
        const services = { database, clock: now, keyring }
        const { sent } = await createThing(services, taskResource, askedBy(userId), fields)
        made.set(userId, sent.body ?? '')
      },
    },
    {
      name: 'a change of a task',
      isWrite: true,
      async run(database, userId, i) {
        const patch = { description: `Change ${i}` }
        const services = { database, clock: now, keyring }
        await changeThing(services, taskResource, askedBy(userId), made.get(userId) ?? '', patch, always)
      },
    },
  ]
}

/** A write that is answered with the id of the thing. */
const askedBy = (userId: string): Asked<Written<Thing>> => ({
  actor: { userId, sessionId },
  attempt: undefined,
  answer: ({ thing }) => ({ status: 200, headers: {}, body: thing.id, things: [] }),
})

const page = (query: ListQuery, name: string, now: number): Operation => ({
  name,
  run: (db, ownerId) =>
    findTasks(db, ownerId, readFilter(query, timeZone, now), readSort(query.sort), undefined, pageSize + 1),
})

const count = (query: ListQuery, name: string, now: number): Operation => ({
  name,
  run: (db, ownerId) => countTasks(db, ownerId, readFilter(query, timeZone, now)),
})

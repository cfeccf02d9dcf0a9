import type { Replica } from '../../../client/src/replica/replica.ts'
import { rows } from './lists.ts'
import { personal } from './personal.ts'

/** What another device changed in the list: told to those who listen, since those who look see it. */
export const news = personal('')

/** Follows what changes in a replica without a write of ours. It is asked to be told before the page is. */
export function hearNews(from: Replica): void {
  from.subscribe(({ tasks, writes }) => {
    if (tasks.size === 0 || writes || from.status.state !== 'live') return
    const before = titlesOf(tasks)
    queueMicrotask(() => (news.value = difference(before, titlesOf(tasks)) || news.value))
  })
}

/** Those of the tasks that the list shows, with their titles. */
const titlesOf = (ids: ReadonlySet<string>): Map<string, string> =>
  new Map(
    rows.value.flatMap((row) => (row.kind === 'task' && ids.has(row.key) ? [[row.key, row.task.title]] : [])),
  )

function difference(before: ReadonlyMap<string, string>, after: ReadonlyMap<string, string>): string {
  const shown = new Map([...before, ...after])
  const [first] = shown
  if (!first) return ''
  if (shown.size > 1) return `${shown.size} tasks of this list were changed elsewhere.`
  const [id, title] = first
  if (!before.has(id)) return `New in this list: “${title}”.`
  return after.has(id) ? `Changed elsewhere: “${title}”.` : `No longer in this list: “${title}”.`
}

import type { Task } from '../../../client/src/index.ts'
import { onArrive } from './address.ts'
import { online, present } from './data.ts'
import { createRemote } from './remote.ts'

const mostShown = 500

/** The deleted tasks, which only the server has. What was deleted just now is told to it first. */
const remote = createRemote(async () => {
  await present().saved()
  await Promise.race([present().sent(), new Promise((resolve) => setTimeout(resolve, 2000))])
  const all: Task[] = []
  for await (const task of online().tasks.list({ deleted: true, limit: 100, sort: '-updatedAt' })) {
    all.push(task)
    if (all.length === mostShown) break
  }
  return all
})

export const trash = remote.state
export const loadTrash = remote.load
onArrive('trash', () => void remote.load())

/** No longer in the trash. */
export function leaveTrash(ids: readonly string[]): void {
  remote.set((trash.value.value ?? []).filter(({ id }) => !ids.includes(id)))
}

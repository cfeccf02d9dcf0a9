import type * as feed from '../src/sync/schema.ts'
import type { Task } from '../src/tasks/schema.ts'

/** An item of the feed, with its `task` member. */
export type ChangeItem = feed.ChangeItem & { task: Task | null }

/** A page of the feed. */
export type Changes = Omit<feed.Changes, 'items'> & { items: ChangeItem[] }

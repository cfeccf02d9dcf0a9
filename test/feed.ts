import type { Project } from '../src/projects/projects.ts'
import type * as feed from '../src/sync/schema.ts'
import type { Task } from '../src/tasks/schema.ts'

/** An item of the feed, with its members `task` and `project`. */
export type ChangeItem = feed.ChangeItem & { task: Task | null; project: Project | null }

/** A page of the feed. */
export type Changes = Omit<feed.Changes, 'items'> & { items: ChangeItem[] }

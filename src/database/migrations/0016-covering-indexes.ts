import type { Migration } from './migration.ts'

/**
 * Searches and counts read many tasks, and of each little. Where an index has all of that, no row is read: with the
 * texts alone that is a fifth of the pages. PostgreSQL has no index of texts of any length; there, rows are read.
 */
export const coveringIndexes: Migration = {
  name: '0016-covering-indexes',
  statements: ({ indexesAnyText }) => [
    'drop index tasks_by_status',
    'drop index tasks_by_priority',
    'drop index tasks_by_due_date',
    'create index tasks_by_status on tasks (owner_id, status_rank, id, deleted_at) where deleted_at is null',
    'create index tasks_by_priority on tasks (owner_id, priority_rank, id, deleted_at) where deleted_at is null',
    `create index tasks_by_due_date on tasks (owner_id, due_order, id, due_date, due_at, status_rank, deleted_at)
     where deleted_at is null and due_order is not null`,
    ...(indexesAnyText
      ? [
          'create index tasks_by_text on tasks (owner_id, id, search_text, deleted_at) where deleted_at is null',
        ]
      : []),
  ],
}

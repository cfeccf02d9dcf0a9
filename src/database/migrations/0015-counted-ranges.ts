import type { Migration } from './migration.ts'

/**
 * To count what a range leaves, its index has to have all that the condition names: SQLite reads the row for a column
 * that is only in the condition of the index.
 */
export const countedRanges: Migration = {
  name: '0015-counted-ranges',
  statements: () => [
    'drop index tasks_by_creation',
    'drop index tasks_by_due_date',
    'drop index tasks_by_completion',
    'drop index tasks_by_change',
    'create index tasks_by_creation on tasks (owner_id, created_at, id, deleted_at) where deleted_at is null',
    'create index tasks_by_due_date on tasks (owner_id, due_order, id, deleted_at) where deleted_at is null and due_order is not null',
    'create index tasks_by_completion on tasks (owner_id, completed_at, id, deleted_at) where deleted_at is null and completed_at is not null',
    'create index tasks_by_change on tasks (owner_id, updated_at, id, deleted_at) where deleted_at is null',
  ],
}

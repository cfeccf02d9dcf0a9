import type { Dialect, Migration } from './migration.ts'

/** How tasks recur, and the occurrences that are kept of those. */
export const recurrence: Migration = {
  name: '0012-recurrence',
  statements: ({ text }: Dialect) => [
    `alter table tasks add column recurrence ${text}`,
    `alter table tasks add column occurrence_of ${text}`,
    'create index tasks_by_occurrence on tasks (owner_id, occurrence_of, position, id) where occurrence_of is not null',
    'create index tasks_recurring on tasks (owner_id, id) where recurrence is not null and deleted_at is null',
  ],
}

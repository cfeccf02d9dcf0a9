import type { Migration } from './migration.ts'

/**
 * A search reads the texts of many tasks, and of their rows nothing else: in an index they are a sixth of the pages.
 * PostgreSQL has no index of texts of any length; there, the table is read.
 */
export const searchedText: Migration = {
  name: '0016-searched-text',
  statements: ({ indexesAnyText }) =>
    indexesAnyText
      ? [
          'create index tasks_by_text on tasks (owner_id, id, search_text, deleted_at) where deleted_at is null',
        ]
      : [],
}

import type { Migration } from './migration.ts'

/**
 * Stored results of writes hold a thing of any kind under one name. No text of a client can hold these characters:
 * JSON escapes its quotes.
 */
export const resultsOfThings: Migration = {
  name: '0006-results-of-things',
  statements: () => [`update idempotency_keys set result = replace(result, '{"task":', '{"thing":')`],
}

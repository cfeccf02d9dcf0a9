import type { Migration } from './migration.ts'

/**
 * Stored results have the same member for every kind of thing. The replaced characters cannot occur in a client's
 * text, since JSON escapes its quotes.
 */
export const resultsOfThings: Migration = {
  name: '0006-results-of-things',
  statements: () => [`update idempotency_keys set result = replace(result, '{"task":', '{"thing":')`],
}

import { OperatorError } from '../core/errors.ts'
import type { Migration } from './migrations/migration.ts'
import { accountsAndTasks } from './migrations/0001-accounts-and-tasks.ts'
import { idempotency } from './migrations/0002-idempotency.ts'
import { eventTickets } from './migrations/0003-event-tickets.ts'
import { changesInAChain } from './migrations/0004-changes-in-a-chain.ts'
import { originOfAChange } from './migrations/0005-origin-of-a-change.ts'
import { replacedThings } from './migrations/0007-replaced-things.ts'
import { resultsOfThings } from './migrations/0006-results-of-things.ts'
import { closedAccounts } from './migrations/0008-closed-accounts.ts'
import { answersAsSent } from './migrations/0009-answers-as-sent.ts'
import { organisedTasks } from './migrations/0010-organised-tasks.ts'
import { apiTokens } from './migrations/0011-api-tokens.ts'
import { recurrence } from './migrations/0012-recurrence.ts'
import { administration } from './migrations/0013-administration.ts'
import { json } from './migrations/0014-json.ts'
import { countedRanges } from './migrations/0015-counted-ranges.ts'
import { coveringIndexes } from './migrations/0016-covering-indexes.ts'

/** Every migration, in order. A released one never changes; add the next one instead. */
export const migrations: readonly Migration[] = [
  accountsAndTasks,
  idempotency,
  eventTickets,
  changesInAChain,
  originOfAChange,
  resultsOfThings,
  replacedThings,
  closedAccounts,
  answersAsSent,
  organisedTasks,
  apiTokens,
  recurrence,
  administration,
  json,
  countedRanges,
  coveringIndexes,
]

/** Returns the migrations that have not run yet. Throws OperatorError if the schema is newer than the program. */
export function pendingMigrations(applied: number): { version: number; migration: Migration }[] {
  if (applied > migrations.length) {
    throw new OperatorError(
      `The database has schema version ${applied}, this program knows versions up to ${migrations.length}: ` +
        'run the newer program, or restore a backup made by this one.',
    )
  }
  return migrations
    .map((migration, index) => ({ version: index + 1, migration }))
    .filter(({ version }) => version > applied)
}

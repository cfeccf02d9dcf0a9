import type { Dialect, Migration } from './migration.ts'

/** An account is closed at once, by a mark on its owner; the rows of the owner are erased afterwards, in steps. */
export const closedAccounts: Migration = {
  name: '0008-closed-accounts',
  statements: ({ integer }: Dialect) => [
    `alter table owners add column closed_at ${integer}`,
    'create index owners_closed on owners (closed_at) where closed_at is not null',
  ],
}

import type { Dialect, Migration } from './migration.ts'

/** What the operator does: accounts are disabled, people invited, and the number of a user's tasks is limited. */
export const administration: Migration = {
  name: '0013-administration',
  statements: ({ text, integer, clustered }: Dialect) => [
    `alter table owners add column disabled_at ${integer}`,

    // The number of live tasks when they were last counted, and the revision at that time. No owner can have gained more
    // tasks than revisions since, so 0 at revision 0 is right for those who are there already.
    `alter table owners add column counted_tasks ${integer} not null default 0`,
    `alter table owners add column counted_in ${integer} not null default 0`,

    `create table invites (
      hash ${text} primary key,
      email ${text},
      created_at ${integer} not null,
      expires_at ${integer} not null,
      used_at ${integer}
    )${clustered}`,
    'create index invites_by_expiry on invites (expires_at)',
  ],
}

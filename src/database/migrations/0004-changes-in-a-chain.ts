import type { Dialect, Migration } from './migration.ts'

/**
 * Each change points to the previous change of the same thing, and the feed reads the changes, so that writes
 * need not maintain the two indexes that history and feed used before.
 */
export const changesInAChain: Migration = {
  name: '0004-changes-in-a-chain',
  statements: ({ integer }: Dialect) => [
    `alter table changes add column previous ${integer}`,
    `update changes set previous = (
      select max(earlier.revision) from changes earlier
      where earlier.owner_id = changes.owner_id and earlier.thing_id = changes.thing_id
        and earlier.revision < changes.revision)`,
    'drop index changes_by_thing',
    'drop index tasks_by_revision',
    // The feed starts at the oldest change that is kept.
    `update owners set swept_revision = revision
      where not exists (select 1 from changes where changes.owner_id = owners.owner_id)`,
    `update owners set swept_revision = (
        select min(changes.revision) - 1 from changes where changes.owner_id = owners.owner_id)
      where swept_revision < (
        select min(changes.revision) - 1 from changes where changes.owner_id = owners.owner_id)`,
  ],
}

import type { Migration } from './migration.ts'

/** Names the column after what it holds: the origin of a change. */
export const originOfAChange: Migration = {
  name: '0005-origin-of-a-change',
  statements: () => ['alter table changes rename column means to origin'],
}

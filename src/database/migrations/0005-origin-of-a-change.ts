import type { Migration } from './migration.ts'

/** How a change came about is its origin; the column had another name. */
export const originOfAChange: Migration = {
  name: '0005-origin-of-a-change',
  statements: () => ['alter table changes rename column means to origin'],
}

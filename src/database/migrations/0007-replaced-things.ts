import type { Migration } from './migration.ts'

/** A change that put a thing in the place of a deleted one keeps what was there, so that it can be undone. */
export const replacedThings: Migration = {
  name: '0007-replaced-things',
  statements: ({ text }) => [`alter table changes add column replaced ${text}`],
}

import type { Dialect, Migration } from './migration.ts'

/** Things are kept as they are answered, too: making the JSON of a page took most of its time. */
export const json: Migration = {
  name: '0014-json',
  statements: ({ text }: Dialect) => [
    `alter table tasks add column json ${text}`,
    `alter table projects add column json ${text}`,
  ],
}

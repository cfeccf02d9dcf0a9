import type { Dialect, Migration } from './migration.ts'

/** Stored results for clients that repeat a request with its Idempotency-Key. */
export const idempotency: Migration = {
  name: '0002-idempotency',
  statements: ({ text, integer, clustered }: Dialect) => [
    `create table idempotency_keys (
      owner_id ${text} not null references owners (owner_id) on delete cascade,
      operation ${text} not null,
      key ${text} not null,
      fingerprint ${text} not null,
      result ${text} not null,
      created_at ${integer} not null,
      primary key (owner_id, operation, key)
    )${clustered}`,
    'create index idempotency_keys_by_age on idempotency_keys (created_at)',
  ],
}

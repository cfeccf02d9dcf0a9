import type { Dialect, Migration } from './migration.ts'

/** API tokens. What let a request in, so far always a session, can now be a token. */
export const apiTokens: Migration = {
  name: '0011-api-tokens',
  statements: ({ text, integer, clustered }: Dialect) => [
    `create table api_tokens (
      owner_id ${text} not null references owners (owner_id) on delete cascade,
      id ${text} not null,
      hash ${text} not null,
      name ${text} not null,
      scopes ${text} not null,
      created_at ${integer} not null,
      expires_at ${integer},
      last_used_at ${integer},
      primary key (owner_id, id)
    )${clustered}`,
    'create index api_tokens_by_hash on api_tokens (hash)',
    'alter table changes rename column session_id to credential_id',
    `alter table changes add column is_token ${integer} not null default 0`,
    'alter table event_tickets rename column session_id to credential_id',
    `alter table event_tickets add column is_token ${integer} not null default 0`,
  ],
}

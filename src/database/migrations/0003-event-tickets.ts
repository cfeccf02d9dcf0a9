import type { Dialect, Migration } from './migration.ts'

/** One-time tickets for browsers, whose EventSource cannot send an Authorization header. */
export const eventTickets: Migration = {
  name: '0003-event-tickets',
  statements: ({ text, integer, clustered }: Dialect) => [
    `create table event_tickets (
      hash ${text} primary key,
      owner_id ${text} not null references owners (owner_id) on delete cascade,
      session_id ${text} not null,
      expires_at ${integer} not null
    )${clustered}`,
    'create index event_tickets_by_expiry on event_tickets (expires_at)',
    'create index event_tickets_by_owner on event_tickets (owner_id)',
  ],
}

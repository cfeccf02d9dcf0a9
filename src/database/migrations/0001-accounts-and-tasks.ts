import type { Dialect, Migration } from './migration.ts'

/** Accounts, sessions, failed logins, tasks, and the journal of changes. */
export const accountsAndTasks: Migration = {
  name: '0001-accounts-and-tasks',
  statements: ({ text, integer, clustered }: Dialect) => [
    `create table users (
      id ${text} primary key,
      email ${text} not null unique,
      password_hash ${text} not null,
      created_at ${integer} not null
    )${clustered}`,

    `create table owners (
      owner_id ${text} primary key references users (id) on delete cascade,
      name ${text} not null,
      time_zone ${text} not null,
      revision ${integer} not null default 0,
      profile_revision ${integer} not null default 0,
      profile_changed_at ${integer} not null default 0,
      swept_revision ${integer} not null default 0
    )${clustered}`,

    `create table sessions (
      owner_id ${text} not null references owners (owner_id) on delete cascade,
      id ${text} not null,
      counter ${integer} not null default 0,
      created_at ${integer} not null,
      last_used_at ${integer} not null,
      expires_at ${integer} not null,
      user_agent ${text},
      ip_address ${text} not null,
      primary key (owner_id, id)
    )${clustered}`,
    'create index sessions_by_id on sessions (id)',
    'create index sessions_by_expiry on sessions (expires_at)',

    `create table failed_logins (
      key ${text} primary key,
      failures ${integer} not null,
      last_at ${integer} not null
    )${clustered}`,
    'create index failed_logins_by_age on failed_logins (last_at)',

    `create table tasks (
      owner_id ${text} not null references owners (owner_id) on delete cascade,
      id ${text} not null,
      title ${text} not null,
      title_key ${text} not null,
      description ${text} not null,
      due_date ${text},
      due_at ${integer},
      due_order ${integer},
      status ${text} not null check (status in ('incomplete', 'in_progress', 'complete', 'cancelled')),
      status_rank ${integer} not null,
      completed_at ${integer},
      created_at ${integer} not null,
      updated_at ${integer} not null,
      revision ${integer} not null,
      deleted_at ${integer},
      purged_at ${integer},
      check (due_date is null or due_at is null),
      check ((due_order is null) = (due_date is null and due_at is null)),
      check ((completed_at is null) = (status <> 'complete')),
      primary key (owner_id, id)
    )${clustered}`,
    'create index tasks_by_creation on tasks (owner_id, created_at, id) where deleted_at is null',
    'create index tasks_by_due_date on tasks (owner_id, due_order, id) where deleted_at is null and due_order is not null',
    'create index tasks_by_completion on tasks (owner_id, completed_at, id) where deleted_at is null and completed_at is not null',
    'create index tasks_by_change on tasks (owner_id, updated_at, id) where deleted_at is null',
    'create index tasks_by_title on tasks (owner_id, title_key, id) where deleted_at is null',
    'create index tasks_by_status on tasks (owner_id, status_rank, id) where deleted_at is null',
    'create index tasks_in_trash on tasks (owner_id, created_at, id) where deleted_at is not null',
    'create index tasks_by_revision on tasks (owner_id, revision)',
    'create index tasks_by_deletion on tasks (deleted_at) where deleted_at is not null',

    `create table changes (
      owner_id ${text} not null references owners (owner_id) on delete cascade,
      revision ${integer} not null,
      at ${integer} not null,
      kind ${text} not null,
      thing_id ${text} not null,
      action ${text} not null,
      session_id ${text} not null,
      means ${text} not null,
      part_of ${integer} not null,
      fields ${text} not null,
      primary key (owner_id, revision)
    )${clustered}`,
    'create index changes_by_thing on changes (owner_id, thing_id, revision)',
    'create index changes_by_age on changes (at)',
  ],
}

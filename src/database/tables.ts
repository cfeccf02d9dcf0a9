/** What copying and erasing need to know of a table. */
interface Table {
  /** The columns of its primary key. */
  key: readonly string[]
  /** The column with the id of the owner; undefined if its rows belong to nobody. */
  owner: string | undefined
}

/** Every table, each after the tables that it references. */
export const tables = {
  users: { key: ['id'], owner: 'id' },
  owners: { key: ['owner_id'], owner: 'owner_id' },
  sessions: { key: ['owner_id', 'id'], owner: 'owner_id' },
  api_tokens: { key: ['owner_id', 'id'], owner: 'owner_id' },
  invites: { key: ['hash'], owner: undefined },
  failed_logins: { key: ['key'], owner: undefined },
  tasks: { key: ['owner_id', 'id'], owner: 'owner_id' },
  projects: { key: ['owner_id', 'id'], owner: 'owner_id' },
  task_labels: { key: ['owner_id', 'label', 'task_id'], owner: 'owner_id' },
  changes: { key: ['owner_id', 'revision'], owner: 'owner_id' },
  idempotency_keys: { key: ['owner_id', 'operation', 'key'], owner: 'owner_id' },
  idempotency_things: { key: ['owner_id', 'operation', 'key', 'thing_id'], owner: 'owner_id' },
  event_tickets: { key: ['hash'], owner: 'owner_id' },
} as const satisfies Record<string, Table>

export type TableName = keyof typeof tables

export const tableNames = Object.keys(tables).filter((name): name is TableName => name in tables)

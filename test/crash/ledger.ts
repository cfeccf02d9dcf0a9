import assert from 'node:assert/strict'
import { DatabaseSync } from 'node:sqlite'
import { isDeepStrictEqual } from 'node:util'
import { createClient, type Person } from './client.ts'

/** The known fields of a task, or undefined if the task does not exist. */
export type State = Record<string, unknown> | undefined

/** A write that was sent and has no response yet. */
interface Pending {
  id: string | undefined
  state: State
}

/**
 * Records which writes were acknowledged and which are still pending. After a crash each task must be in its last
 * acknowledged state or in the state of a later pending write, and no other task may exist.
 */
export interface Ledger {
  /** The number of acknowledged writes. */
  readonly acknowledged: number
  /** Records a write about to be sent; a POST has no id yet. Pass the result to `answered` or `refused`. */
  sending(person: Person, id: string | undefined, state: State): Pending
  /** Records that the write was acknowledged. */
  answered(person: Person, pending: Pending, id: string, state: State): void
  /** Records that the write was refused, so it must have changed nothing. */
  refused(person: Person, pending: Pending): void
  /** Asserts that the server and its file agree with the ledger, and makes what they hold the new acknowledged state. */
  verify(origin: string, data: string): Promise<void>
}

interface Account {
  person: Person
  tasks: Map<string, State>
  pending: Set<Pending>
  revisions: Map<number, string>
}

export function createLedger(people: Person[]): Ledger {
  const accounts = new Map<Person, Account>()
  for (const person of people) {
    accounts.set(person, { person, tasks: new Map(), pending: new Set(), revisions: new Map() })
  }
  const accountOf = (person: Person): Account =>
    accounts.get(person) ?? assert.fail('the ledger does not know this person')
  let acknowledged = 0

  return {
    get acknowledged() {
      return acknowledged
    },
    sending(person, id, state) {
      const pending = { id, state }
      accountOf(person).pending.add(pending)
      return pending
    },
    answered(person, pending, id, state) {
      const account = accountOf(person)
      acknowledged += 1
      account.pending.delete(pending)
      account.tasks.set(id, state)
      if (state) account.revisions.set(Number(state['revision']), id)
    },
    refused: (person, pending) => void accountOf(person).pending.delete(pending),
    async verify(origin, data) {
      for (const account of accounts.values()) verifyTasks(account, await readTasks(origin, account.person))
      const file = new DatabaseSync(data, { readOnly: true })
      try {
        verifyFile(file)
        for (const account of accounts.values()) verifyJournal(file, account)
      } finally {
        file.close()
      }
    },
  }
}

/** Reads every task of the person, page by page. */
async function readTasks(origin: string, { accessToken }: Person): Promise<Map<string, State>> {
  const client = createClient(origin, accessToken)
  const tasks = new Map<string, State>()
  let cursor: string | null = ''
  do {
    const from: string = cursor ? `&cursor=${encodeURIComponent(cursor)}` : ''
    const { status, body } = await client.send('GET', `/tasks?limit=100${from}`)
    assert.equal(status, 200)
    for (const task of body.items) {
      assert.ok(!tasks.has(task.id), 'a task came twice')
      tasks.set(task.id, task)
    }
    cursor = body.nextCursor
  } while (cursor)
  client.close()
  return tasks
}

/** Asserts that each task is in its acknowledged state or that of a pending write, and that no unsent task exists. */
function verifyTasks({ tasks, pending }: Account, actual: Map<string, State>): void {
  for (const [id, state] of tasks) {
    const allowed = [state, ...[...pending].filter((sent) => sent.id === id).map((sent) => sent.state)]
    const found = actual.get(id)
    assert.ok(
      allowed.some((one) => agrees(found, one)),
      `task ${id} is ${JSON.stringify(found)}, and not one of ${JSON.stringify(allowed)}`,
    )
  }
  for (const [id, found] of actual) {
    if (tasks.has(id)) continue
    const sent = [...pending].find((one) => (one.id ?? id) === id && agrees(found, one.state))
    assert.ok(sent, `nobody sent ${JSON.stringify(found)}`)
    pending.delete(sent)
  }
  for (const id of tasks.keys()) tasks.set(id, actual.get(id))
  for (const [id, found] of actual) tasks.set(id, found)
  pending.clear()
}

/** Whether a task has the expected fields. For a pending write only the fields that were sent are known. */
function agrees(found: State, expected: State): boolean {
  if (!found || !expected) return found === expected
  return Object.entries(expected).every(([name, value]) => isDeepStrictEqual(found[name], value))
}

/** Asserts that SQLite finds its pages, indexes and foreign keys intact. */
function verifyFile(file: DatabaseSync): void {
  assert.deepEqual(rows(file, 'pragma integrity_check'), [{ integrity_check: 'ok' }])
  assert.deepEqual(rows(file, 'pragma foreign_key_check'), [])
}

/** Asserts that revisions run from 1 to the owner's counter without a gap, and that replaying the journal gives the tasks. */
function verifyJournal(file: DatabaseSync, { person, tasks, revisions }: Account): void {
  const [owner] = rows(file, 'select revision from owners where owner_id = ?', person.id)
  const changes = rows(file, 'select * from changes where owner_id = ? order by revision', person.id)
  assert.deepEqual(
    changes.map(({ revision }) => revision),
    Array.from({ length: Number(owner?.['revision']) }, (_, i) => i + 1),
    'the revisions have a gap or a repeat',
  )
  const retold = new Map<string, Record<string, unknown>>()
  for (const { thing_id, action, revision, fields } of changes) {
    const id = String(thing_id)
    const before = retold.get(id) ?? {}
    const after: Record<string, unknown> = { ...before, revision }
    for (const [name, [was, is]] of Object.entries<[unknown, unknown]>(JSON.parse(String(fields)))) {
      assert.deepEqual(
        before[name] ?? null,
        was,
        `revision ${String(revision)} starts from a value that was not there`,
      )
      after[name] = is
    }
    if (action === 'delete') retold.delete(id)
    else retold.set(id, after)
  }
  const standing = [...tasks].filter(([, state]) => state !== undefined)
  assert.equal(retold.size, standing.length, 'the journal and the tables hold different tasks')
  for (const [id, state] of standing)
    assert.ok(agrees(state, retold.get(id)), `task ${id} is not as the journal has it`)
  for (const [revision, id] of revisions) assert.equal(changes[revision - 1]?.['thing_id'], id)
}

const rows = (file: DatabaseSync, text: string, ...values: string[]) =>
  file
    .prepare(text)
    .all(...values)
    .map((row) => ({ ...row }))

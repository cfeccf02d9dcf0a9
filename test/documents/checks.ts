import assert from 'node:assert/strict'
import { readdirSync, statSync } from 'node:fs'
import { setTimeout as delay } from 'node:timers/promises'
import type { Block } from './blocks.ts'
import { personAt } from './person.ts'
import { followNodes, nodes, ready } from './services.ts'

// What the documents promise of their commands, by what a block says.

interface Check {
  file: 'operations' | 'scaling'
  after: RegExp
  check(stdout: string): Promise<void> | void
}

let front: string | undefined
const origin = () => front ?? nodes()[0]?.origin ?? ''
const alice = personAt(origin, 'alice@example.com')
const ada = personAt(origin, 'ada@example.com')
const first = 'Before every backup'
let [position, formerToken] = ['', '']
let mistakeAfter = new Date()

/** A block as it is run: the moment to go back to is one of this run. */
export const fitted = (text: string): string =>
  text.replace(
    /(?<=recovery_target_time = ')[^']+/,
    mistakeAfter.toISOString().replace('T', ' ').replace('Z', '+00'),
  )

const copies = () => readdirSync('/var/backups/docket').filter((name) => /^docket-.*Z\.db$/.test(name))
const modeOf = (path: string) => (statSync(path).mode & 0o777).toString(8)

async function assertKept(lost?: string): Promise<void> {
  await ready()
  const titles = await alice.titles()
  assert.ok(titles.includes(first), `the first task is among ${titles.join()}`)
  assert.ok(lost === undefined || !titles.includes(lost), `${String(lost)} is gone`)
}

/** Clients that sync start over. */
async function assertRaised(): Promise<void> {
  assert.equal(await alice.statusOf(`/changes?since=${position}`), 410)
  position = await alice.position()
}

async function through(url: string): Promise<void> {
  front = url
  await assertKept()
  await alice.createTask('Through a proxy')
  front = undefined
}

/** A session works on every node, whichever of them has the new secret already. */
async function assertOneSession(): Promise<void> {
  const everywhere = nodes()
  for (const { origin: signing } of everywhere) {
    front = signing
    await alice.refresh()
    for (const { origin: other } of everywhere) {
      front = other
      assert.equal(await alice.statusOf('/me'), 200, `a token of ${signing} at ${other}`)
    }
  }
  front = undefined
}

async function assertBothNodes(): Promise<void> {
  assert.equal(nodes().length, 2)
  await assertKept()
  await assertOneSession()
}

const checks: Check[] = [
  { file: 'operations', after: /\/usr\/bin\/node --version/, check: (told) => assert.match(told, /v26\./) },
  {
    file: 'operations',
    after: /\/dev\/null \/etc\/docket\.env/,
    check: () => assert.equal(modeOf('/etc/docket.env'), '600'),
  },
  {
    file: 'operations',
    after: /enable --now docket$/m,
    async check(told) {
      assert.match(told, /"msg":"ready"/)
      assert.deepEqual(
        ['', '/docket.db', '/docket.secret'].map((name) => modeOf(`/var/lib/docket${name}`)),
        ['700', '600', '600'],
      )
      await alice.register()
      await alice.createTask(first)
    },
  },
  {
    file: 'operations',
    after: /^docket --version/m,
    check: (told) => assert.match(told, /^\d+\.\d+\.\d+\n$/m),
  },
  {
    file: 'operations',
    after: /^docket user create/m,
    async check(told) {
      assert.match(told, /^alice@example\.com .*1 sessions/m)
      await ada.logIn()
    },
  },
  {
    file: 'operations',
    after: /REGISTRATION=invite/,
    async check(told) {
      await ready()
      await assert.rejects(personAt(origin, 'carol@example.com').register(), /403/)
      await personAt(origin, 'bob@example.com').register({ invite: told.trim() })
    },
  },
  {
    file: 'operations',
    after: /REGISTRATION=closed/,
    async check() {
      await ready()
      await assert.rejects(personAt(origin, 'carol@example.com').register(), /is closed/)
      assert.equal(await ada.statusOf('/me'), 200)
    },
  },
  {
    file: 'operations',
    after: /^docket check/m,
    async check(told) {
      assert.match(told, /is sound: a backup .* 3 users and 1 tasks/)
      await alice.createTask('Lost')
      position = await alice.position()
    },
  },
  {
    file: 'operations',
    after: /--keep 14/,
    async check() {
      assert.equal(copies().length, 1)
      await delay(1000) // the next copy gets another name
    },
  },
  {
    file: 'operations',
    after: /start docket-backup$/m,
    check: () => assert.deepEqual([copies().length, readdirSync('/var/backups/docket').length], [2, 3]),
  },
  {
    file: 'operations',
    after: /rm -f docket\.db-wal/,
    async check() {
      await assertKept('Lost')
      await assertRaised()
    },
  },
  {
    file: 'operations',
    after: /^docket restored/m,
    async check() {
      await assertKept()
      await assertRaised()
    },
  },
  {
    file: 'operations',
    after: /openssl rand -base64 48\),\$old/,
    async check() {
      await assertKept()
      formerToken = alice.token()
      await alice.refresh()
      await assertKept()
    },
  },
  {
    file: 'operations',
    after: /cut --delimiter/,
    async check() {
      await assertKept()
      const headers = { authorization: `Bearer ${formerToken}`, connection: 'close' }
      assert.equal((await fetch(`${origin()}/me`, { headers })).status, 401)
      assert.equal(modeOf('/var/lib/docket/docket.secret'), '600')
    },
  },
  { file: 'operations', after: /pull --ff-only/, check: () => assertKept() },
  { file: 'operations', after: /TRUST_PROXY/, check: () => assertKept() },
  { file: 'operations', after: /nginx -t/, check: () => through('http://127.0.0.1:8080') },
  { file: 'operations', after: /METRICS_TOKEN=/, check: (told) => assert.match(told, /docket_build_info\{/) },
  {
    file: 'scaling',
    after: /^docket copy/m,
    async check(told) {
      assert.match(told, /counts and checksums are the same/)
      await assertKept()
    },
  },
  {
    file: 'scaling',
    after: /^docket user list/m,
    check: (told) => assert.match(told, /^alice@example\.com/m),
  },
  {
    file: 'scaling',
    after: /HOST=10\.0\.0\.11/,
    async check() {
      await assertBothNodes()
      followNodes(assertOneSession)
    },
  },
  { file: 'scaling', after: /=\$old,\$new/, check: assertBothNodes },
  { file: 'scaling', after: /=\$new,\$old/, check: assertBothNodes },
  { file: 'scaling', after: /=\$new\|"/, check: assertBothNodes },
  { file: 'scaling', after: /nginx -t/, check: () => through('http://127.0.0.1:8080') },
  { file: 'scaling', after: /:6432\/docket/, check: assertBothNodes },
  {
    file: 'scaling',
    after: /pg_dump/,
    async check() {
      await alice.createTask('Lost')
      position = await alice.position()
    },
  },
  {
    file: 'scaling',
    after: /pg_restore/,
    async check() {
      await assertKept('Lost')
      await assertRaised()
    },
  },
  {
    file: 'scaling',
    after: /pg_basebackup/,
    async check() {
      await ready()
      await alice.createTask('After the base backup')
      mistakeAfter = new Date()
      await alice.createTask('A mistake')
      position = await alice.position()
    },
  },
  {
    file: 'scaling',
    after: /^rm .*recovery\.conf/m,
    async check() {
      await assertKept('A mistake')
      assert.ok((await alice.titles()).includes('After the base backup'))
      await assertRaised()
    },
  },
]

export async function checkAfter({ file, text }: Block, stdout: string): Promise<void> {
  for (const one of checks.filter((check) => file.includes(check.file) && check.after.test(text)))
    await one.check(stdout)
}

/** A check whose block is no more in the documents would pass for ever. */
export function assertAllFound(all: readonly Block[]): void {
  for (const { file, after } of checks)
    assert.ok(
      all.some((block) => block.file.includes(file) && after.test(block.text)),
      `no block of ${file} has ${after}`,
    )
}

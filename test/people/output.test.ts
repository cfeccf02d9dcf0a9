import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { Writable } from 'node:stream'
import { test } from 'node:test'
import { promisify } from 'node:util'
import fc from 'fast-check'
import type { Task } from '../../client/src/index.ts'
import { examples } from '../../src/tasks/examples.ts'
import { clean, fit, pad, widthOf } from '../../src/people/text.ts'
import { createPerson, signedIn, type Running } from './person.ts'

const task: Task = {
  ...examples.thing,
  description: '',
  dueDate: '2026-11-20',
  labels: ['errand'],
  revision: 2,
}

/** A server that answers with whatever it likes. */
const hostile =
  (body: object, status = 200): NonNullable<Running['fetch']> =>
  async () =>
    new Response(JSON.stringify(body), { status })

const env = { DOCKET_URL: 'https://docket.example.com', DOCKET_TOKEN: 'dkt_x' }
const ofTasks = (tasks: Partial<Task>[]) =>
  hostile({ items: tasks.map((some) => ({ ...task, ...some })), nextCursor: null })

/** Everything that a terminal obeys, but the ends of lines and what colours a cell. */
// oxlint-disable-next-line no-control-regex
const obeyed = /[\u0000-\u0009\u000B-\u001F\u007F-\u009F\u202A-\u202E\u2066-\u2069]/

test('nothing that a server sends reaches the terminal as a command', async (t) => {
  const { run } = createPerson(t)
  const evil = '\u001B]0;pwned\u0007\u001B[2J\u009B31m\u202Eevil\r\n\u0008\u0000x'
  const fetch = ofTasks([{ title: evil, labels: [evil], description: evil, dueDate: null }])
  for (const argv of [
    ['list', '-a'],
    ['done', task.id],
    ['labels'],
    ['projects'],
    ['add', 'a'],
    ['undo', '7'],
  ]) {
    const { stdout, stderr } = await run(argv, {
      env,
      fetch:
        argv[0] === 'list'
          ? fetch
          : hostile({
              ...task,
              title: evil,
              name: evil,
              items: [{ ...task, name: evil, tasks: 1, incomplete: 1 }],
              nextCursor: null,
            }),
    })
    assert.doesNotMatch(stdout + stderr, obeyed, argv.join(' '))
  }
  for (const argv of [['list', '--json'], ['show', task.id, '--json'], ['export'], ['undo', '7', '--json']]) {
    const answer = hostile({ ...task, title: evil, items: [{ ...task, title: evil }], nextCursor: null })
    const { stdout, code } = await run(argv, { env, fetch: answer })
    assert.doesNotMatch(stdout, obeyed, argv.join(' '))
    const [item = {}] = Object.values<{ title?: string }[]>(JSON.parse(stdout)).flat().slice(-1)
    assert.deepEqual([code, item.title], [0, evil])
  }
  const shown = await run(['show', task.id], {
    env,
    fetch: hostile({ ...task, title: evil, description: evil, labels: [evil], items: [], nextCursor: null }),
  })
  assert.equal(shown.code, 0, shown.stderr)
  assert.doesNotMatch(shown.stdout, obeyed)
  const refused = await run(['list'], {
    env,
    columns: 80,
    fetch: hostile(
      {
        type: '/problems/not-found',
        detail: evil,
        errors: [
          { pointer: evil, detail: evil },
          { pointer: evil, detail: evil },
        ],
      },
      404,
    ),
  })
  assert.equal(refused.code, 3)
  assert.doesNotMatch(refused.stderr, obeyed)
})

test('what does not speak as Docket does is refused in words', async (t) => {
  const { run } = createPerson(t)
  const answers: [fetch: NonNullable<Running['fetch']>, code: number, stderr: RegExp][] = [
    [
      async () => new Response('<html>'),
      1,
      /^The answer \(200\) is not JSON: is this the address of Docket\?\n$/,
    ],
    [
      async () => new Response('', { status: 302, headers: { location: 'https://evil.example.com' } }),
      1,
      /^The server answered with 302\.\n$/,
    ],
    [async () => new Response('', { status: 502 }), 5, /^The server answered with 502\.\n$/],
    [
      () =>
        Promise.reject(
          new TypeError('fetch failed', { cause: Object.assign(new Error(), { code: 'ECONNREFUSED' }) }),
        ),
      5,
      /^The server at https:\/\/docket\.example\.com does not answer \(ECONNREFUSED\)\.\n$/,
    ],
  ]
  for (const [fetch, code, stderr] of answers) {
    const output = await run(['list'], { env, fetch })
    assert.match(output.stderr, stderr)
    assert.equal(output.code, code)
  }
})

test('a table fits the terminal, however narrow, and colours only a terminal that wants them', async (t) => {
  const { run } = createPerson(t)
  const fetch = ofTasks([
    { title: '東京へ行く、切符を買う、荷物を詰める' },
    { title: '👩‍👩‍👧‍👦🇯🇵 party' },
    { title: 'x'.repeat(200), dueDate: null, priority: 'none', labels: [] },
    { title: 'Café', status: 'in_progress' },
  ])
  for (const columns of [80, 40, 20, 10, 3]) {
    const { stdout } = await run(['list', '-a'], { env: { ...env, NO_COLOR: '1' }, columns, fetch })
    const lines = stdout.trimEnd().split('\n')
    assert.equal(lines.length, 4)
    for (const line of lines) assert.ok(widthOf(line) <= Math.max(columns, 7), `${columns}: ${line}`)
    assert.doesNotMatch(stdout, obeyed)
  }
  const wide = await run(['list', '-a'], { env, columns: 200, fetch })
  assert.ok(wide.stdout.includes('\u001B[31m20 Nov\u001B[39m'))
  assert.doesNotMatch(
    (await run(['list', '-a'], { env: { ...env, TERM: 'dumb' }, columns: 200, fetch })).stdout,
    obeyed,
  )
  const piped = await run(['list', '-a'], { env, fetch })
  assert.doesNotMatch(piped.stdout, obeyed)
  assert.ok(piped.stdout.includes('x'.repeat(200)))
})

test('widths are those of a terminal', () => {
  const widths: [text: string, width: number][] = [
    ['abc', 3],
    ['Café', 4],
    ['Cafe\u0301', 4],
    ['東京', 4],
    ['한국어', 6],
    ['ｆｕｌｌ', 8],
    ['👍', 2],
    ['👍🏽', 2],
    ['👩‍👩‍👧‍👦', 2],
    ['🇯🇵🇩🇪', 4],
    ['❤️', 2],
    ['a\u200Bb', 2],
  ]
  for (const [text, width] of widths) assert.equal(widthOf(text), width, JSON.stringify(text))
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), fc.integer({ min: 0, max: 30 }), (text, width) => {
      const safe = clean(text)
      assert.doesNotMatch(safe, obeyed)
      assert.ok(widthOf(fit(safe, width)) <= width)
      assert.ok(widthOf(pad(safe, width)) >= width)
    }),
  )
})

test('a reader that goes away ends the command quietly', async (t) => {
  const { person } = await signedIn(t)
  await person.docket('add', 'Here today')
  for (const argv of [['list'], ['export'], ['projects', '--json'], ['list', '--help']]) {
    const output = new Writable({
      write: (_chunk, _encoding, done) => done(Object.assign(new Error('EPIPE'), { code: 'EPIPE' })),
    })
    output.on('error', () => undefined)
    assert.deepEqual(await person.run(argv, { output }), { code: 0, stdout: '', stderr: '' }, argv.join(' '))
  }
})

test('every command has its help, and the completions name them all', async (t) => {
  const { docket } = createPerson(t)
  const [bash, zsh, fish] = await Promise.all(
    ['bash', 'zsh', 'fish'].map((shell) => docket('completion', shell)),
  )
  for (const name of ['login', 'add', 'list', 'edit', 'move', 'watch']) {
    assert.match(await docket(name, '--help'), new RegExp(`^Usage: docket ${name}`))
    for (const script of [bash, zsh, fish]) assert.match(script ?? '', new RegExp(`\\b${name}\\b`))
  }
  const ask = `${bash}\nCOMP_WORDS=(docket li); COMP_CWORD=1; _docket; echo "\${COMPREPLY[@]}"
COMP_WORDS=(docket list --pr); COMP_CWORD=2; _docket; echo "\${COMPREPLY[@]}"`
  const { stdout } = await promisify(execFile)('bash', ['-euc', ask])
  assert.equal(stdout, 'list\n--project --priority\n')
})

import assert from 'node:assert/strict'
import { chmodSync, existsSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { withToken } from '../api-tokens.ts'
import { docket, password } from '../harness.ts'
import { createPerson, signedIn } from './person.ts'

const email = 'alice@example.com'

test('login keeps a token in place of the password, in a file that nobody else can read', async (t) => {
  const { alice, url } = await docket(t)
  await alice.patch('/me', { timeZone: 'Asia/Tokyo' })
  const { run, home } = createPerson(t)

  const first = await run(['login', url], { input: `${email}\n${password}\n` })
  const second = await run(['login', '--email', email], { input: `${password}\n` })

  assert.deepEqual(first, { code: 0, stdout: `Signed in to ${url} as ${email}.\n`, stderr: '' })
  assert.equal(second.code, 0, second.stderr)
  const file = join(home, '.config/docket/login.json')
  assert.equal(statSync(file).mode & 0o777, 0o600)
  assert.equal(statSync(join(file, '..')).mode & 0o777, 0o700)
  const text = readFileSync(file, 'utf8')
  assert.doesNotMatch(text, /battery staple/)
  assert.equal(JSON.parse(text).timeZone, 'Asia/Tokyo')
  // The first token went when the second came, and neither login left a session.
  const tokens = (await alice.get('/me/tokens')).body.items
  assert.deepEqual(
    tokens.map(({ name, scopes }: { name: string; scopes: string[] }) => [name, scopes]),
    [['docket on notebook', ['tasks:write']]],
  )
  assert.equal((await alice.get('/me/sessions')).body.items.length, 1)

  const out = await run(['logout'], { input: `${password}\n` })
  assert.equal(out.stdout, `Signed out of ${url} and deleted the token.\n`, out.stderr)
  assert.ok(!existsSync(file))
  assert.deepEqual((await alice.get('/me/tokens')).body.items, [])
  assert.deepEqual(await run(['list']), {
    code: 4,
    stdout: '',
    stderr: 'You are not signed in: run `docket login URL`.\n',
  })
  assert.equal((await run(['logout'])).code, 4)
})

test('at a terminal the password is asked for without an echo', async (t) => {
  const { url } = await docket(t)
  const { run, home } = createPerson(t)
  const typed = await run(['login', url], { columns: 80, input: `${email}\r${password}\r` })
  assert.equal(typed.code, 0, typed.stderr)
  assert.match(typed.stderr, /E-mail: /)
  assert.match(typed.stderr, new RegExp(`Password for ${email}: `))
  assert.doesNotMatch(typed.stderr + typed.stdout, /battery/)

  for (const input of ['\u0003', `${email}\r\u0003`, `${email}\r\u0004`]) {
    const { code, stdout } = await createPerson(t).run(['login', url], { columns: 80, input })
    assert.deepEqual([code, stdout], [130, ''])
  }
  assert.equal((await run(['logout', '--local'])).code, 0)
  assert.ok(!existsSync(join(home, '.config/docket/login.json')))
})

test('a wrong password, a wrong token and a wrong address are told apart', async (t) => {
  const { url } = await docket(t)
  const { run, home } = createPerson(t)
  const refused: [argv: string[], input: string, code: number, stderr: RegExp][] = [
    [['login', url], `${email}\nnot this one\n`, 4, /e-mail|password/i],
    [['login', url, '--token'], 'dkt_wrong\n', 4, /^The server does not accept your token any more/],
    [['login', url, '--token'], '\n', 4, /^This is not an API token/],
    [['login', url, '--token', '--time-zone', 'Mars'], 'dkt_x\n', 2, /^Mars is not a time zone/],
    [['login', 'ftp://docket.example.com'], '', 2, /is not an address such as/],
    [['login', 'https://ada:secret@docket.example.com'], '', 2, /^Leave the name and password out/],
    [
      ['login', 'http://127.0.0.1:9'],
      `${email}\n${password}\n`,
      5,
      /^The server at http:\/\/127\.0\.0\.1:9 does not answer/,
    ],
    [['login', `${url}/docs/nowhere`], `${email}\n${password}\n`, 3, /./],
  ]
  for (const [argv, input, code, stderr] of refused) {
    const output = await run(argv, { input })
    assert.match(output.stderr, stderr)
    assert.equal(output.code, code, argv.join(' '))
  }
  assert.ok(!existsSync(join(home, '.config')))
})

test('a password travels unencrypted only where the user says so', async (t) => {
  const { run, home } = createPerson(t)
  let asked = 0
  const fetch = () => {
    asked += 1
    return Promise.reject(new TypeError('fetch failed'))
  }
  const input = `${email}\n${password}\n`
  const refused = await run(['login', 'http://docket.example.com'], { input, fetch })
  const wanted = await run(['login', 'http://docket.example.com', '--insecure'], { input, fetch })
  assert.equal(refused.code, 2)
  assert.match(refused.stderr, /^http:\/\/docket\.example\.com is not encrypted: .*add --insecure/)
  assert.deepEqual([wanted.code, asked], [5, 1])

  const env = { DOCKET_URL: 'http://docket.example.com', DOCKET_TOKEN: 'dkt_x' }
  const times = asked
  assert.equal((await run(['list'], { env, fetch })).code, 2)
  assert.equal(asked, times)
  assert.equal((await run(['list'], { env: { ...env, DOCKET_INSECURE: '1' }, fetch })).code, 5)
  assert.equal((await run(['list'], { env: { DOCKET_URL: 'https://docket.example.com' }, fetch })).code, 2)
  assert.ok(!existsSync(join(home, '.config')))
})

test('a deleted token, a damaged file and one that others can read each end with 4 and say what to do', async (t) => {
  const { server, alice, person } = await signedIn(t)
  const file = join(person.home, '.config/docket/login.json')
  const intact = readFileSync(file, 'utf8')

  chmodSync(file, 0o644)
  const open = await person.run(['list'])
  assert.equal(open.code, 4)
  assert.match(open.stderr, /can be read by others \(mode 0644\), and it holds your token: run `chmod 600 /)
  chmodSync(file, 0o600)
  assert.equal((await person.run(['list'])).code, 0)

  for (const text of ['{', '[]', '{"url":"nowhere","token":"x"}', '\u0000']) {
    writeFileSync(file, text)
    const { code, stderr } = await person.run(['list'])
    assert.equal(code, 4)
    assert.match(stderr, /login\.json is damaged: run `docket login` again\.\n$/)
  }

  writeFileSync(file, intact)
  const { id } = (await alice.get('/me/tokens')).body.items[0]
  await alice.delete(`/me/tokens/${id}`)
  assert.deepEqual(await person.run(['list']), {
    code: 4,
    stdout: '',
    stderr: 'The server does not accept your token any more: run `docket login` again.\n',
  })
  const { token } = await withToken(server, alice, ['tasks:read'])
  const env = { DOCKET_URL: server.url, DOCKET_TOKEN: token }
  assert.equal((await person.run(['list'], { env })).code, 0)
  const readOnly = await person.run(['add', 'a'], { env })
  assert.deepEqual(
    [readOnly.code, readOnly.stderr],
    [1, 'The API token lacks the scope tasks:write; create one that has it.\n'],
  )
})

test('XDG folders count if they are absolute, and a memory that cannot be kept does no harm', async (t) => {
  const { person } = await signedIn(t)
  const config = join(person.home, 'elsewhere')
  assert.equal((await person.run(['list'], { env: { XDG_CONFIG_HOME: config } })).code, 4)
  assert.equal((await person.run(['list'], { env: { XDG_CONFIG_HOME: 'elsewhere' } })).code, 0)

  writeFileSync(join(person.home, 'file'), '')
  const env = { XDG_STATE_HOME: join(person.home, 'file') }
  assert.equal((await person.run(['add', 'a today'], { env })).stdout, 'Added 1: a (today)\n')
  assert.match((await person.run(['done', '1'], { env })).stderr, /^There is no task 1/)
  writeFileSync(join(person.home, '.local/state/docket/memory.json'), '{"list":3')
  assert.equal((await person.run(['list'])).stdout, '1  a  today\n')
  assert.equal((await person.run(['done', '1'])).code, 0)
})

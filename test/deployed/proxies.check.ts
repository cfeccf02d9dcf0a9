import assert from 'node:assert/strict'
import { once } from 'node:events'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { connect, type AddressInfo } from 'node:net'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { text } from 'node:stream/consumers'
import { openEvents } from '../event-stream.ts'
import { assertProblem, docket, send, userOf, type Docket } from '../harness.ts'
import { temporaryFolder } from '../process.ts'
import { find, freePort, launch, needs } from './programs.ts'

const deploy = (name: string) => readFileSync(new URL(`../../deploy/${name}`, import.meta.url), 'utf8')
const [nginx, caddy] = [find('nginx'), find('caddy')]

/** Starts a proxy as deploy/ has it, with these ports of the nodes; returns its address. */
type Start = (t: TestContext, nodes: [number, number]) => Promise<string>

const withNodes = (config: string, [first, second]: [number, number]) =>
  config
    .replaceAll('127.0.0.1:3001', `127.0.0.1:${first}`)
    .replaceAll('127.0.0.1:3002', `127.0.0.1:${second}`)

const startNginx: Start = async (t, nodes) => {
  const folder = temporaryFolder(t)
  const port = await freePort()
  const server = withNodes(deploy('nginx.conf'), nodes).replace('listen 8080;', `listen 127.0.0.1:${port};`)
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']
  mkdirSync(join(folder, 'tmp'))
  const file = join(folder, 'nginx.conf')
  writeFileSync(
    file,
    `daemon off; pid ${folder}/pid; error_log ${folder}/error.log; ${process.getuid?.() === 0 ? 'user root;' : ''}
events {}
http { access_log off; ${temporary.map((name) => `${name}_temp_path ${folder}/tmp/${name};`).join(' ')}
${server} }`,
  )
  await launch(t, nginx ?? '', ['-p', folder, '-c', file], port)
  return `http://127.0.0.1:${port}`
}

const startCaddy: Start = async (t, nodes) => {
  const folder = temporaryFolder(t)
  const port = await freePort()
  const file = join(folder, 'Caddyfile')
  const site = withNodes(deploy('Caddyfile'), nodes).replace('docket.example.com', `http://127.0.0.1:${port}`)
  writeFileSync(file, `{\n  admin off\n  storage file_system ${folder}\n}\n${site}`)
  await launch(t, caddy ?? '', ['run', '--config', file, '--adapter', 'caddyfile'], port)
  return `http://127.0.0.1:${port}`
}

const portOf = ({ url }: Docket) => Number(new URL(url).port)

for (const [name, program, start] of [
  ['nginx', nginx, startNginx],
  ['caddy', caddy, startCaddy],
] as const) {
  test(`behind ${name} as deploy/ has it`, needs([name, program]), async (t) => {
    const server = await docket(t, { env: { TRUST_PROXY: '127.0.0.1' } })
    const url = await start(t, [portOf(server), await freePort()])
    const alice = userOf({ user: server.alice, ...server.alice }, (method, path, call) =>
      send(url, method, path, call),
    )

    await t.test('requests reach the node that lives, with the address of the client', async () => {
      for (let i = 0; i < 20; i++) assert.equal((await alice.get('/tasks')).status, 200)
      await alice.createTask({ title: 'Through a proxy' })
      assert.ok(!server.logs.some(({ msg }) => /TRUST_PROXY/.test(String(msg))))
    })

    await t.test('events come at once', async () => {
      const stream = await openEvents(url, alice)
      await stream.next()
      await server.alice.createTask({ title: 'Now' })
      assert.equal((await stream.next())?.event, 'change')
      stream.close()
    })

    await t.test('too large a body and too long a head are problems, of Docket where it can', async () => {
      assertProblem(
        await alice.post('/tasks', { description: 'x'.repeat(300_000) }),
        413,
        'payload-too-large',
      )
      const answer = await alice.post('/tasks', { description: 'x'.repeat(3_000_000) })
      assert.deepEqual([answer.status, answer.body.type], [413, '/problems/payload-too-large'])
      const head = await alice.get('/tasks', { 'x-long': 'x'.repeat(20_000) })
      assert.deepEqual([head.status, head.body.type], [431, '/problems/headers-too-large'])
      if (name !== 'nginx') return
      const longer = await alice.get('/tasks', { 'x-long': 'x'.repeat(40_000) })
      assert.deepEqual([longer.status, longer.body.type], [431, '/problems/headers-too-large'])
      assert.match(longer.body.instance, /^urn:uuid:[\da-f-]{36}$/)
      assert.match(await raw(url, 'GET /tasks HTTP/1.1\r\nHost\r\n\r\n'), /application\/problem\+json/)
    })

    await t.test('the metrics are hidden', async () => {
      const answer = await send(url, 'GET', '/metrics')
      assert.deepEqual([answer.status, answer.body.type], [404, '/problems/not-found'])
    })

    await t.test('where no node lives the answer is a 503 with Retry-After', async () => {
      const nowhere = await start(t, [await freePort(), await freePort()])
      const answer = await send(nowhere, 'GET', '/tasks')
      assert.deepEqual([answer.status, answer.body.type], [503, '/problems/unavailable'])
      assert.ok(answer.headers.get('retry-after'))
    })
  })

  test(`${name} keeps nodes in use whose answers are 503`, needs([name, program]), async (t) => {
    const nodes = await Promise.all([busyNode(t), busyNode(t)])
    const url = await start(t, [nodes[0], nodes[1]])
    for (let i = 0; i < 10; i++) assert.equal((await send(url, 'GET', '/busy')).status, 503)
    for (let i = 0; i < 10; i++) assert.equal((await send(url, 'GET', '/other')).status, 200)
  })
}

/** A node that is out of breath for one path. */
async function busyNode(t: TestContext): Promise<number> {
  const server = createServer((request, response) => {
    response.writeHead(request.url === '/busy' ? 503 : 200, { 'content-type': 'application/problem+json' })
    response.end('{}')
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.after(() => {
    server.closeAllConnections()
    server.close()
  })
  return (server.address() as AddressInfo).port
}

async function raw(url: string, bytes: string): Promise<string> {
  const socket = connect(Number(new URL(url).port), '127.0.0.1')
  socket.write(bytes)
  return text(socket)
}

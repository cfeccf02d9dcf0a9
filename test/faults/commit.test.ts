import assert from 'node:assert/strict'
import { connect, createServer, type AddressInfo } from 'node:net'
import { once } from 'node:events'
import type { TestContext } from 'node:test'
import { docket } from '../harness.ts'
import { assertUnbroken } from '../nodes/pair.ts'
import { assertUnavailable, envOf, faultTest } from './owned.ts'

faultTest('a connection lost during COMMIT', async (t, postgres) => {
  const proxy = await startProxy(t, `${postgres.folder}/.s.PGSQL.5432`)
  const server = await docket(t, { env: envOf(`postgres://docket@127.0.0.1:${proxy.port}/postgres`) })
  const { alice } = server

  for (const { moment, created } of [
    { moment: 'before', created: 0 },
    { moment: 'after', created: 1 },
  ] as const) {
    await t.test(
      `${moment} PostgreSQL receives it gives 503, and the transaction is not retried`,
      async () => {
        const title = `Cut ${moment}`
        proxy.cut = moment

        const answer = await alice.post('/tasks', { title })

        assertUnavailable(answer)
        assert.match(answer.body.detail, /may or may not have been made/)
        assert.equal(proxy.cut, undefined)
        const { items } = (await alice.get('/tasks')).body
        assert.equal(items.filter((task: { title: string }) => task.title === title).length, created)
        await assertUnbroken(server, alice)
      },
    )
  }
})

interface Proxy {
  port: number
  /** When set, the next COMMIT has its connection cut, either before it is passed on or before its response is. */
  cut: 'before' | 'after' | undefined
}

/** Passes bytes on. Recognises a COMMIT by the name that the driver gave to its prepared statement. */
async function startProxy(t: TestContext, socket: string): Promise<Proxy> {
  let prepared = 'not yet known'
  const proxy: Proxy = { port: 0, cut: undefined }
  const listener = createServer((client) => {
    const server = connect(socket)
    const end = () => void (client.destroy(), server.destroy())
    for (const side of [client, server]) side.on('error', end).on('close', end)
    let isDoomed = false

    client.on('data', (bytes) => {
      const text = bytes.toString('latin1')
      prepared = /P[^]{4}([^\0]+)\0commit\0/.exec(text)?.[1] ?? prepared
      const isCommit = text.includes(`\0${prepared}\0`)
      if (!isCommit || !proxy.cut) return void server.write(bytes)
      isDoomed = true
      if (proxy.cut === 'after') server.write(bytes)
      else end()
      proxy.cut = undefined
    })
    server.on('data', (bytes) => (isDoomed ? end() : client.write(bytes)))
  })
  listener.listen(0, '127.0.0.1')
  await once(listener, 'listening')
  t.after(() => listener.close())
  proxy.port = (listener.address() as AddressInfo).port
  return proxy
}

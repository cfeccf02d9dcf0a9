import { createServer, connect, type AddressInfo, type Socket } from 'node:net'
import { once } from 'node:events'
import type { TestContext } from 'node:test'

/** A port that stands for a host name: new connections go where it leads, open ones stay where they are. */
export interface Relay {
  port: number
  /** Lets new connections go to this socket. */
  lead(to: string): void
}

export async function startRelay(t: TestContext, to: string): Promise<Relay> {
  let target = to
  const open = new Set<Socket>()
  const server = createServer((near) => {
    const far = connect(target)
    for (const [socket, other] of [
      [near, far],
      [far, near],
    ] as const) {
      open.add(socket)
      socket.pipe(other)
      socket.on('error', () => other.destroy()).on('close', () => other.destroy())
    }
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.after(() => {
    for (const socket of open) socket.destroy()
    server.close()
  })
  return { port: (server.address() as AddressInfo).port, lead: (next) => void (target = next) }
}

import { readFile } from 'node:fs/promises'
import { connect, type Socket } from 'node:net'
import { once } from 'node:events'
import { setTimeout as pause } from 'node:timers/promises'

// What idle streams cost a running server: `node bench/streams.ts URL PID [users] [seconds]`. Linux only.

const [origin = '', pid = '', users = '100', seconds = '30'] = process.argv.slice(2)
const streamsOfUser = 10
const ticksPerSecond = 100
const { hostname, port } = new URL(origin)

const tokens: string[] = []
for (let i = 0; i < Number(users); i++) tokens.push(await register(`idle-${Date.now()}-${i}@example.com`))
await pause(5000)
const before = await figures()
const sockets: Socket[] = []
for (const token of tokens) for (let i = 0; i < streamsOfUser; i++) sockets.push(await open(token))
await pause(5000)
const opened = await figures()
await pause(Number(seconds) * 1000)
const after = await figures()

console.log(
  `${sockets.length} streams: RSS ${before.megabytes} MB before, ${opened.megabytes} MB with them open`,
)
console.log(
  `and ${after.megabytes} MB after ${seconds} s idle, which took ${(after.cpuSeconds - opened.cpuSeconds).toFixed(2)} s of CPU`,
)
for (const socket of sockets) socket.destroy()

async function register(email: string): Promise<string> {
  const response = await fetch(`${origin}/auth/register`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ email, password: 'correct horse battery staple' }),
  })
  const { accessToken } = (await response.json()) as { accessToken: string }
  return accessToken
}

async function open(token: string): Promise<Socket> {
  const socket = connect(Number(port), hostname)
  socket.write(`GET /events HTTP/1.1\r\nHost: docket\r\nAuthorization: Bearer ${token}\r\n\r\n`)
  const [response]: unknown[] = await once(socket, 'data')
  if (!String(response).startsWith('HTTP/1.1 200')) throw new Error(String(response))
  socket.resume()
  return socket
}

/** The resident memory of the process, and its CPU time so far. */
async function figures(): Promise<{ megabytes: number; cpuSeconds: number }> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8')
  const kilobytes = Number(/^VmRSS:\s+(\d+)/m.exec(status)?.[1])
  const stat = (await readFile(`/proc/${pid}/stat`, 'utf8')).replace(/^.*\) /s, '').split(' ')
  return {
    megabytes: Math.round(kilobytes / 1024),
    cpuSeconds: (Number(stat[11]) + Number(stat[12])) / ticksPerSecond,
  }
}

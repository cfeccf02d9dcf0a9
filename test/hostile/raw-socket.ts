import assert from 'node:assert/strict'
import { connect, type Socket } from 'node:net'
import type { Answer } from '../harness.ts'

/** What a server sent over a raw connection. */
export interface Exchange {
  answers: Answer[]
  /** Whether the server closed the connection. */
  closed: boolean
}

/** Opens a raw connection. With `allowHalfOpen` its own side stays open when the server closes the other. */
export function openSocket(url: string, { allowHalfOpen = false } = {}): Socket {
  const { hostname, port } = new URL(url)
  return connect({ host: hostname, port: Number(port), allowHalfOpen })
}

/** Sends exactly these bytes, and reads until the server closes or has sent nothing for `silenceMs`. */
export async function sendRaw(url: string, bytes: string, silenceMs = 400): Promise<Exchange> {
  const socket = openSocket(url)
  const { promise, resolve } = Promise.withResolvers<boolean>()
  let text = ''
  let timer = setTimeout(() => resolve(false), 5000)
  socket.on('data', (chunk) => {
    text += chunk.toString('latin1')
    clearTimeout(timer)
    timer = setTimeout(() => resolve(false), silenceMs)
  })
  socket.on('error', () => undefined)
  socket.on('close', () => resolve(true))
  socket.write(bytes, 'latin1')
  const closed = await promise
  clearTimeout(timer)
  socket.destroy()
  return { answers: readAnswers(text), closed }
}

/** Returns the text of a request. Adds Host and Content-Length unless `lines` has them. */
export function requestText(start: string, lines: string[] = [], body = ''): string {
  const names = new Set(lines.map((line) => line.split(':', 1)[0]?.trim().toLowerCase()))
  const host = names.has('host') ? [] : ['Host: docket']
  const isSized = names.has('content-length') || names.has('transfer-encoding')
  const size = body === '' || isSized ? [] : [`Content-Length: ${Buffer.byteLength(body, 'latin1')}`]
  return [`${start} HTTP/1.1`, ...host, ...lines, ...size, '', body].join('\r\n')
}

/** Parses the responses in the text of a connection. Each has a Content-Length or no body. */
export function readAnswers(text: string): Answer[] {
  const end = text.indexOf('\r\n\r\n')
  if (end < 0) return []
  const [start = '', ...lines] = text.slice(0, end).split('\r\n')
  const status = Number(/^HTTP\/1\.1 (\d{3}) /.exec(start)?.[1])
  const headers = new Headers(
    lines.map((line): [string, string] => [
      line.slice(0, line.indexOf(':')),
      line.slice(line.indexOf(':') + 1),
    ]),
  )
  const length = Number(headers.get('content-length') ?? 0)
  const content = Buffer.from(text.slice(end + 4, end + 4 + length), 'latin1').toString()
  const isJson = /[/+]json/.test(headers.get('content-type') ?? '')
  const answer = { status, headers, text: content, body: isJson && content ? JSON.parse(content) : content }
  return [answer, ...readAnswers(text.slice(end + 4 + length))]
}

/** Asserts that there is one response, and returns it. */
export function only({ answers }: Exchange): Answer {
  assert.equal(answers.length, 1, `${answers.length} responses`)
  const [answer] = answers
  assert.ok(answer)
  return answer
}

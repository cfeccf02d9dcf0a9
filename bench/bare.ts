import { createServer } from 'node:http'
import { kindOf, type Recorded } from './recorded.ts'

// The limit: node:http, which reads what is sent and gives for each kind of request the answer that it was told to.

const nothing: Recorded = { status: 404, headers: ['content-length', '0'], body: '' }
let answers: Record<string, Recorded> = {}

const server = createServer((request, response) => {
  const { status, headers, body } = answers[kindOf(request.method, request.url)] ?? nothing
  request.resume().on('end', () => response.writeHead(status, headers).end(body))
})

process.on('message', (message) => {
  if (typeof message !== 'object' || message === null || !('answers' in message)) return
  answers = message.answers as Record<string, Recorded>
  process.send?.({ isReady: true })
})

server.listen(0, '127.0.0.1', () => {
  const address = server.address()
  if (address && typeof address !== 'string') process.send?.({ port: address.port })
})

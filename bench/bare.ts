import { createServer } from 'node:http'
import { kindOf, type Recorded } from './recorded.ts'

// The limit: node:http, which reads each request and sends the response that was recorded for its kind.

const nothing: Recorded = { status: 404, headers: ['content-length', '0'], body: '' }
let responses: Record<string, Recorded> = {}

const server = createServer((request, response) => {
  const { status, headers, body } = responses[kindOf(request.method, request.url)] ?? nothing
  request.resume().on('end', () => response.writeHead(status, headers).end(body))
})

process.on('message', (message) => {
  if (typeof message !== 'object' || message === null || !('responses' in message)) return
  responses = message.responses as Record<string, Recorded>
  process.send?.({ isReady: true })
})

server.listen(0, '127.0.0.1', () => {
  const address = server.address()
  if (address && typeof address !== 'string') process.send?.({ port: address.port })
})

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fastify } from 'fastify'
import { answerTogether } from '../../src/http/answering/together.ts'

test('a response that can not be sent fails only its own request', async () => {
  const app = fastify()
  answerTogether(app)
  app.get('/good', async () => 'good')
  app.get('/bad', async (_request, reply) => {
    reply.header('x-field', 'not for a \u{1f512} header')
    return 'bad'
  })
  const paths = Array.from({ length: 40 }, (_, i) => (i % 4 === 1 ? '/bad' : '/good'))

  const answers = await Promise.all(paths.map((path) => app.inject(path)))

  assert.deepEqual(
    answers.map(({ statusCode }) => statusCode),
    paths.map((path) => (path === '/bad' ? 500 : 200)),
  )
})

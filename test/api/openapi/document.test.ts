import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { test } from 'node:test'
import { formats as ourFormats } from '../../../src/http/reading/formats.ts'
import { docket, type Docket } from '../../harness.ts'
import { documentOf, judgeOf, operationsOf, problemsOf, type Operation } from './document.ts'

const file = async (name: string) =>
  JSON.parse(await readFile(new URL(`../../../${name}`, import.meta.url), 'utf8'))

test('the document', async (t) => {
  const server = await docket(t, { withAlice: false, page: 'nowhere' })
  const document = await documentOf(server)
  const operations = operationsOf(document)

  await t.test('is the committed one, and has the version of the package', async () => {
    assert.deepEqual(await file('openapi.json'), document, 'run: npm run openapi')
    assert.equal(document.info.version, (await file('package.json')).version)
  })

  await t.test('has every route of the server and no other', () => {
    const documented = operations.map(({ method, path }) => `${method} ${path}`)
    assert.deepEqual(new Set(documented), new Set(routesOf(server)))
  })

  await t.test('names, explains and sorts every operation', () => {
    const names = operations.map(({ operationId }) => operationId)
    assert.equal(new Set(names).size, operations.length)
    const tags = new Set(document.tags.map(({ name }) => name))
    for (const { operationId, summary, tags: own } of operations) {
      assert.match(operationId, /^[a-z][A-Za-z]+$/)
      assert.match(summary, /^[A-Z].*[^.]$/, operationId)
      assert.ok(own.length === 1 && own[0] && tags.has(own[0]), operationId)
    }
  })

  await t.test('describes every answer, with an example of each problem and each body', () => {
    for (const operation of operations) assertWords(operation)
  })

  await t.test('has no example that breaks its schema', () => {
    const judge = judgeOf(document)
    for (const [place, value] of examplesOf(document)) judge(value, ...place)
    for (const { operationId, parameters } of operations)
      for (const { name, example, schema } of parameters)
        if (typeof example === 'string')
          assert.match(example, new RegExp(schema.pattern ?? ''), `${operationId} ${name}`)
  })

  await t.test('asks for no parameter that has a default', () => {
    for (const { operationId, parameters } of operations)
      for (const { name, required, schema } of parameters)
        assert.ok(!required || schema.default === undefined, `${operationId} ${name}`)
  })

  await t.test('has a name for every body, so that generated clients have one too', () => {
    for (const { operationId, requestBody } of operations)
      for (const { schema } of Object.values(requestBody?.content ?? {}))
        assert.match(schema.$ref ?? '', /^#\/components\/schemas\//, operationId)
  })

  await t.test('has no keyword that only our validator understands', () => {
    const text = JSON.stringify(document)
    assert.doesNotMatch(text, /"(x-|trimmed|lowerCased|normalized|distinctNames)/)
    const formats = new Set(text.matchAll(/"format":"([^"]+)"/g).map(([, format = '']) => format))
    const standard = new Set(['date-time', 'password', 'uri', 'uri-reference', 'uuid'])
    assert.deepEqual(formats.difference(standard), new Set())
  })

  await t.test('has no pattern that the regular expressions of other languages read differently', () => {
    for (const pattern of patternsOf(document))
      assert.doesNotMatch(pattern, /\(\?(?!:)|\\[1-9bBdDsSwWpPuUkAzZ]/, pattern)
  })

  await t.test('has a pattern for every text with a form', () => {
    const seen = [...patternsOf(document)]
    for (const { name, pattern } of formsOf())
      assert.ok(
        seen.some((shown) => shown.includes(pattern.slice(1, -1))),
        name,
      )
  })
})

/** Every pattern, wherever it stands. */
function* patternsOf(value: unknown): Generator<string> {
  if (value === null || typeof value !== 'object') return
  if ('pattern' in value && typeof value.pattern === 'string') yield value.pattern
  for (const inner of Object.values(value)) yield* patternsOf(inner)
}

/** The formats that show a pattern; that of an e-mail address is trimmed wherever it is sent, but answered as it is. */
const formsOf = () =>
  Object.entries(ourFormats).flatMap(([name, { pattern }]) =>
    pattern === undefined ? [] : [{ name, pattern }],
  )

/** `GET /tasks/{id}` and so on, from the router itself: without HEAD, and without the pages of /docs. */
function routesOf({ app }: Docket): string[] {
  const parts: string[] = []
  return app
    .printRoutes({ commonPrefix: false })
    .split('\n')
    .flatMap((line) => {
      const [, indent = '', part = '', methods = ''] = /^([│ ]*)[└├]── (\S+)(?: \((.*)\))?$/.exec(line) ?? []
      parts.splice(indent.length / 4, Infinity, part)
      const path = parts.join('').replace(/:(\w+)/g, '{$1}')
      if (path === '/' || path.startsWith('/docs')) return []
      return methods
        .split(', ')
        .filter((method) => method && method !== 'HEAD')
        .map((method) => `${method} ${path}`)
    })
}

function assertWords(operation: Operation): void {
  const { operationId, responses, requestBody, parameters } = operation
  for (const [status, { description, headers, content }] of Object.entries(responses)) {
    assert.match(description, /^[A-Z]/, `${operationId} ${status}`)
    assert.ok('Request-Id' in headers, `${operationId} ${status}`)
    if (Number(status) >= 400) assert.deepEqual(Object.keys(content ?? {}), ['application/problem+json'])
  }
  for (const media of Object.values(requestBody?.content ?? {})) {
    assert.ok(Object.keys(media.examples).length > 0, operationId)
  }
  for (const { name, description, example } of parameters)
    assert.ok(description ?? example, `${operationId} ${name}`)
  assert.ok(problemsOf(operation).includes('internal-error'), operationId)
}

/** Every example of a media type, with the place of the schema that it must have. */
function* examplesOf(value: unknown, place: string[] = []): Generator<[place: string[], value: unknown]> {
  if (value === null || typeof value !== 'object') return
  if ('schema' in value && 'examples' in value) {
    for (const example of Object.values(Object(value.examples)) as Partial<{
      $ref: string
      value: unknown
    }>[]) {
      if (!example.$ref) yield [[...place, 'schema'], example.value]
    }
  }
  for (const [key, inner] of Object.entries(value)) yield* examplesOf(inner, [...place, key])
}

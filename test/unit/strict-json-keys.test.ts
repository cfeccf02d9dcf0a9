import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { faultOf, parse, valueOf } from './strict-json.ts'

/** A JSON document with the spelling of its names and scalars. */
type Written =
  | { kind: 'scalar'; text: string }
  | { kind: 'list'; items: Written[] }
  | { kind: 'object'; members: [name: string, value: Written][] }

const names = ['a', 'b', 'é', '1', '01', '', '__proto__', 'constructor', ':', '{', '"', '\\', '","a":"']

/** A name as JSON, each character escaped or not. */
const writtenNames = fc
  .constantFrom(...names)
  .chain((name) => fc.tuple(...name.split('').map((char) => fc.constantFrom(plain(char), escape(char)))))
  .map((chars) => `"${chars.join('')}"`)
const scalars = fc.oneof(
  fc.constantFrom(
    'null',
    'true',
    '-0.5e+3',
    '"\\\\"',
    '"\\\\\\""',
    '"{\\"a\\":1,\\"a\\":2}"',
    '"[[["',
    '":::"',
  ),
  fc.json({ maxDepth: 0 }),
)
const { document } = fc.letrec<{ document: Written; scalar: Written; list: Written; object: Written }>(
  (tie) => ({
    document: fc.oneof({ depthSize: 'small' }, tie('scalar'), tie('list'), tie('object')),
    scalar: scalars.map((text) => ({ kind: 'scalar', text })),
    list: fc.array(tie('document'), { maxLength: 4 }).map((items) => ({ kind: 'list', items })),
    object: fc
      .array(fc.tuple(writtenNames, tie('document')), { maxLength: 4 })
      .map((members) => ({ kind: 'object', members })),
  }),
)

function escape(char: string): string {
  return `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`
}

function plain(char: string): string {
  return JSON.stringify(char).slice(1, -1)
}

function write(written: Written, space: string): string {
  if (written.kind === 'scalar') return written.text
  if (written.kind === 'list') return `[${written.items.map((item) => space + write(item, space)).join(',')}]`
  const members = written.members.map(
    ([name, value]) => `${space}${name}${space}:${space}${write(value, space)}`,
  )
  return `{${members.join(',')}${space}}`
}

function repeatsName(written: Written): boolean {
  if (written.kind === 'scalar') return false
  if (written.kind === 'list') return written.items.some(repeatsName)
  const read = new Set(written.members.map(([name]) => String(JSON.parse(name))))
  return read.size < written.members.length || written.members.some(([, value]) => repeatsName(value))
}

// Not by JSON.parse, which misreads some objects with escaped names: nodejs/node#63785.
function meaning(written: Written): unknown {
  if (written.kind === 'scalar') return JSON.parse(written.text)
  if (written.kind === 'list') return written.items.map(meaning)
  return Object.fromEntries(written.members.map(([name, value]) => [JSON.parse(name), meaning(value)]))
}

describe('a repeated key', () => {
  test('is found at any depth and in any spelling, without false positives', () => {
    fc.assert(
      fc.property(document, fc.constantFrom('', ' ', '\r\n'), (written, space) => {
        const text = write(written, space)
        if (repeatsName(written)) assert.match(faultOf(text), /^The body repeats the key "/)
        else assert.deepEqual(valueOf(text), meaning(written))
      }),
      { numRuns: 3000 },
    )
  })

  const repeated: [text: string, name: string][] = [
    ['{"a":1,"a":1}', '"a"'],
    ['{"a":1,"b":2,"\\u0061":3}', '"a"'],
    ['{"é":1,"\\u00e9":2}', '"é"'],
    ['{"😀":1,"\\ud83d\\ude00":2}', '"😀"'],
    ['{"":1,"":2}', '""'],
    ['{"1":1,"1":2}', '"1"'],
    ['{"__proto__":1,"__proto__":2}', '"__proto__"'],
    ['{"__proto__":{"a":1,"a":2}}', '"a"'],
    ['{"constructor":1,"constructor":2}', '"constructor"'],
    ['[0,{"a":{"b":[{"c":1},{"c":1,"c":2}]}}]', '"c"'],
    ['{"a":{"a":{"a":1}},"a":1}', '"a"'],
    ['{"a" \n :1,"a"\t:2}', '"a"'],
    [`{"${'x'.repeat(1000)}":1,"${'x'.repeat(1000)}":2}`, `"${'x'.repeat(40)}"`],
  ]
  for (const [text, name] of repeated) {
    test(`in ${text.slice(0, 60)} is reported as ${name.slice(0, 20)}`, () => {
      assert.equal(faultOf(text), `The body repeats the key ${name}; each key may stand once in an object.`)
    })
  }

  const once = [
    '{"a":{"a":1}}',
    '[{"a":1},{"a":1}]',
    '{"a":"a","b":"a"}',
    '{"a":1,"A":2}',
    '{"a":"\\"a\\":1"}',
    '{"a":"\\\\","b":1}',
    '{"{\\"a\\":":"}"}',
    '{"1":1,"01":2,"1.0":3}',
  ]
  for (const text of once) {
    test(`is not found in ${text}`, () => assert.deepEqual(valueOf(text), JSON.parse(text)))
  }
})

describe('an escaped name', () => {
  const pairs: { before: string; text: string; value: unknown }[] = [
    { before: '{"x":1,"\\\\":1}', text: '{"x":1,"\\u0061":2}', value: { x: 1, a: 2 } },
    { before: '{"x":1,"\\\\":1}', text: '{"x":1,"\\"":2}', value: { x: 1, '"': 2 } },
    { before: '{"x":1,"t\\\\u00":1}', text: '{"x":1,"t\\u0069tle":"a"}', value: { x: 1, title: 'a' } },
    {
      before: '{"x":1,"t\\\\u00":1}',
      text: '[{},{"x":1,"t\\u0069tle":[{"a":[1]},{}]}]',
      value: [{}, { x: 1, title: [{ a: [1] }, {}] }],
    },
  ]
  for (const { before, text, value } of pairs) {
    test(`${text} is read correctly after ${before}`, () => {
      parse(before)
      assert.deepEqual(valueOf(text), value)
    })
  }

  test('is recognised as repeated after a similar name was parsed', () => {
    parse('{"title":1,"t\\\\u00":1}')
    assert.match(faultOf('{"title":1,"t\\u0069tle":2}'), /repeats the key "title"/)
    parse('{"x":1,"\\\\":1}')
    assert.deepEqual(valueOf('{"x":1,"\\\\":2,"\\"":3}'), { x: 1, '\\': 2, '"': 3 })
  })
})

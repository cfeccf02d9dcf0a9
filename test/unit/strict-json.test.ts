import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { parseStrictJson } from '../../src/http/reading/strict-json.ts'

const parse = (text: string) => parseStrictJson(Buffer.from(text))

function valueOf(text: string): unknown {
  const parsed = parse(text)
  assert.ok('value' in parsed, `${JSON.stringify(parsed)} for ${text}`)
  return parsed.value
}

function faultOf(body: string | Uint8Array): string {
  const parsed = parseStrictJson(Buffer.from(body))
  assert.ok('fault' in parsed, `no fault in ${String(body).slice(0, 100)}`)
  assert.ok(parsed.fault.length < 200, 'a body is not echoed at length')
  return parsed.fault
}

/** A way to write a document, with keys and strings as they stand in the text. */
type Written =
  | { kind: 'scalar'; text: string }
  | { kind: 'list'; items: Written[] }
  | { kind: 'object'; members: [name: string, value: Written][] }

const names = ['a', 'b', 'é', '1', '01', '', '__proto__', 'constructor', ':', '{', '"', '\\', '","a":"']

/** A name as JSON, each of its characters escaped or not. */
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

// JSON.parse is no oracle for an object with escaped names: nodejs/node#63785.
function meaning(written: Written): unknown {
  if (written.kind === 'scalar') return JSON.parse(written.text)
  if (written.kind === 'list') return written.items.map(meaning)
  return Object.fromEntries(written.members.map(([name, value]) => [JSON.parse(name), meaning(value)]))
}

test('a valid document is read as it was meant', () => {
  const values = fc.oneof(fc.jsonValue(), fc.jsonValue({ stringUnit: 'binary' }))
  fc.assert(
    fc.property(values, fc.constantFrom(0, 2, '\t'), (value, indent) => {
      const read = valueOf(JSON.stringify(value, null, indent))
      assert.equal(JSON.stringify(read), JSON.stringify(value))
    }),
    { numRuns: 1000 },
  )
})

test('any text that JSON.parse refuses has a fault, and nothing throws', () => {
  const nearly = fc
    .array(fc.constantFrom('{', '}', '[', ']', ':', ',', '"', '\\', 'a', '1', ' ', 'null', '"a":'), {
      maxLength: 20,
    })
    .map((parts) => parts.join(''))
  const refuses = (text: string) => {
    try {
      return void JSON.parse(text)
    } catch {
      return true
    }
  }
  fc.assert(
    fc.property(fc.oneof(fc.string({ unit: 'grapheme' }), nearly), (text) => {
      if (refuses(text)) assert.match(faultOf(text), /^The body (is|begins) /)
      else if ('fault' in parse(text)) assert.match(faultOf(text), /repeats the key/)
    }),
    { numRuns: 3000 },
  )
})

describe('a repeated key', () => {
  test('is found at any depth and in any way to write it, and nothing else is taken for one', () => {
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
    test(`${text.slice(0, 60)} names ${name.slice(0, 20)}`, () => {
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
    test(`${text} repeats none`, () => assert.deepEqual(valueOf(text), JSON.parse(text)))
  }
})

describe('an escaped name', () => {
  const afterAnother: [other: string, text: string, value: unknown][] = [
    ['{"x":1,"\\\\":1}', '{"x":1,"\\u0061":2}', { x: 1, a: 2 }],
    ['{"x":1,"\\\\":1}', '{"x":1,"\\"":2}', { x: 1, '"': 2 }],
    ['{"x":1,"t\\\\u00":1}', '{"x":1,"t\\u0069tle":"a"}', { x: 1, title: 'a' }],
    [
      '{"x":1,"t\\\\u00":1}',
      '[{},{"x":1,"t\\u0069tle":[{"a":[1]},{}]}]',
      [{}, { x: 1, title: [{ a: [1] }, {}] }],
    ],
  ]
  for (const [other, text, value] of afterAnother) {
    test(`${text} is read right after ${other}`, () => {
      parse(other)
      assert.deepEqual(valueOf(text), value)
    })
  }

  test('is known as a repetition after another name that looks like it', () => {
    parse('{"title":1,"t\\\\u00":1}')
    assert.match(faultOf('{"title":1,"t\\u0069tle":2}'), /repeats the key "title"/)
    parse('{"x":1,"\\\\":1}')
    assert.deepEqual(valueOf('{"x":1,"\\\\":2,"\\"":3}'), { x: 1, '\\': 2, '"': 3 })
  })
})

test('__proto__ is an own property, and no prototype is touched', () => {
  const value = valueOf('{"__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":true}}}')
  assert.ok(typeof value === 'object' && value !== null)
  assert.deepEqual(Object.keys(value), ['__proto__', 'constructor'])
  assert.equal(Object.getPrototypeOf(value), Object.prototype)
  assert.equal('polluted' in {}, false)
})

describe('depth', () => {
  const nest = (open: string, close: string, depth: number) => open.repeat(depth) + '0' + close.repeat(depth)
  const ways: [open: string, close: string, levels: number][] = [
    ['[', ']', 1],
    ['{"a":', '}', 1],
    [' [ 1 , ', ' ] ', 1],
    ['[{"a":', '}]', 2],
  ]
  for (const [open, close, levels] of ways) {
    test(`32 levels of ${open} are taken`, () => {
      const text = nest(open, close, 32 / levels)
      assert.deepEqual(valueOf(text), JSON.parse(text))
    })
    test(`33 levels of ${open} are not`, () => {
      assert.match(faultOf(`[${nest(open, close, 32 / levels)}]`), /deeper than 32 levels/)
    })
    test(`100,000 levels of ${open} are refused in the same words`, () => {
      assert.match(faultOf(nest(open, close, 100_000)), /deeper than 32 levels/)
      assert.match(faultOf(open.repeat(100_000)), /deeper than 32 levels/)
    })
  }

  test('a wide document is not a deep one', () => {
    const text = JSON.stringify(Array.from({ length: 1000 }, (_, n) => ({ list: [[n]], object: { n } })))
    assert.deepEqual(valueOf(text), JSON.parse(text))
  })

  test('brackets within strings do not count', () => {
    for (const inner of ['['.repeat(100), '{'.repeat(100), '\\"['.repeat(100), '\\\\\\"{'.repeat(100)]) {
      assert.deepEqual(valueOf(`{"a":"${inner}"}`), JSON.parse(`{"a":"${inner}"}`))
    }
  })
})

describe('encoding', () => {
  const invalid: [why: string, bytes: number[]][] = [
    ['a lone continuation byte', [0x80]],
    ['Latin-1', [0xe9]],
    ['a sequence cut short', [0xe2, 0x82]],
    ['an overlong slash', [0xc0, 0xaf]],
    ['an overlong NUL', [0xe0, 0x80, 0x80]],
    ['a surrogate', [0xed, 0xa0, 0x80]],
    ['a pair of surrogates', [0xed, 0xa0, 0xbd, 0xed, 0xb8, 0x80]],
    ['past U+10FFFF', [0xf4, 0x90, 0x80, 0x80]],
    ['0xFF', [0xff]],
  ]
  for (const [why, bytes] of invalid) {
    test(`${why} is refused`, () =>
      assert.match(faultOf(Buffer.from([0x22, ...bytes, 0x22])), /not valid UTF-8/))
  }

  test('UTF-8 is judged as TextDecoder judges it', () => {
    const decoder = new TextDecoder('utf-8', { fatal: true })
    const isValid = (bytes: Uint8Array) => {
      try {
        return typeof decoder.decode(bytes) === 'string'
      } catch {
        return false
      }
    }
    fc.assert(
      fc.property(fc.uint8Array({ min: 0x7f, minLength: 1, maxLength: 4 }), (bytes) => {
        const body = Buffer.from([0x22, ...bytes, 0x22])
        const parsed = parseStrictJson(body)
        if (isValid(bytes)) assert.deepEqual(parsed, { value: body.toString().slice(1, -1) })
        else assert.match(faultOf(body), /not valid UTF-8/)
      }),
      { numRuns: 2000 },
    )
  })

  test('a byte order mark is refused at the start and taken within a string', () => {
    assert.match(faultOf('\ufeff{}'), /byte order mark/)
    assert.equal(valueOf('"\ufeff"'), '\ufeff')
  })

  test('UTF-16 is refused', () => {
    faultOf(Buffer.from('{}', 'utf16le'))
    faultOf(Buffer.from('\ufeff{}', 'utf16le'))
  })
})

describe('a fault says what is wrong', () => {
  const faults: [text: string, says: RegExp][] = [
    ['', /is empty/],
    [' \n', /ends too early/],
    ['nul', /ends too early/],
    ['{"a":1,}', /line 1, column 8/],
    ["{\n  'a': 1\n}", /line 2, column 3/],
    ['{"a":1} x', /line 1, column 9/],
    ['{"a":"b', /line 1, column 8/],
    ['{"a":"\n"}', /line 1, column 7/],
    ['{"a": incomplete}', /the character "i" is not expected/],
    ['[1,]', /the character "]" is not expected/],
    ['\0', /the character "\\u0000" is not expected/],
    ['undefined', /does not parse/],
    ['NaN', /not valid JSON/],
    ['01', /line 1, column 2/],
  ]
  for (const [text, says] of faults) {
    test(JSON.stringify(text), () => assert.match(faultOf(text), says))
  }

  test('never with more than a few characters of the body', () => {
    assert.doesNotMatch(faultOf(`{"password": ${'hunter2'.repeat(50)}}`), /hunter/)
    assert.doesNotMatch(faultOf(`{"password": "hunter2" "x"}`), /hunter/)
  })
})

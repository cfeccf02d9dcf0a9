import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { parseStrictJson } from '../../src/http/reading/strict-json.ts'
import { faultOf, parse, valueOf } from './strict-json.ts'

test('a valid document parses to the value that was written', () => {
  const values = fc.oneof(fc.jsonValue(), fc.jsonValue({ stringUnit: 'binary' }))
  fc.assert(
    fc.property(values, fc.constantFrom(0, 2, '\t'), (value, indent) => {
      const read = valueOf(JSON.stringify(value, null, indent))
      assert.equal(JSON.stringify(read), JSON.stringify(value))
    }),
    { numRuns: 1000 },
  )
})

test('any text that JSON.parse refuses gets a fault, and nothing throws', () => {
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

test('__proto__ becomes an own property and changes no prototype', () => {
  const value = valueOf('{"__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":true}}}')
  assert.ok(typeof value === 'object' && value !== null)
  assert.deepEqual(Object.keys(value), ['__proto__', 'constructor'])
  assert.equal(Object.getPrototypeOf(value), Object.prototype)
  assert.equal('polluted' in {}, false)
})

describe('depth', () => {
  const nest = (open: string, close: string, depth: number) => open.repeat(depth) + '0' + close.repeat(depth)
  const nestings = [
    { open: '[', close: ']', levels: 1 },
    { open: '{"a":', close: '}', levels: 1 },
    { open: ' [ 1 , ', close: ' ] ', levels: 1 },
    { open: '[{"a":', close: '}]', levels: 2 },
  ]
  for (const { open, close, levels } of nestings) {
    test(`32 levels of ${open} are accepted`, () => {
      const text = nest(open, close, 32 / levels)
      assert.deepEqual(valueOf(text), JSON.parse(text))
    })
    test(`33 levels of ${open} are refused`, () => {
      assert.match(faultOf(`[${nest(open, close, 32 / levels)}]`), /deeper than 32 levels/)
    })
    test(`100,000 levels of ${open} are refused with the same message`, () => {
      assert.match(faultOf(nest(open, close, 100_000)), /deeper than 32 levels/)
      assert.match(faultOf(open.repeat(100_000)), /deeper than 32 levels/)
    })
  }

  test('breadth does not count as depth', () => {
    const text = JSON.stringify(Array.from({ length: 1000 }, (_, n) => ({ list: [[n]], object: { n } })))
    assert.deepEqual(valueOf(text), JSON.parse(text))
  })

  test('brackets inside strings do not count', () => {
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

  test('the UTF-8 check agrees with TextDecoder', () => {
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

  test('a byte order mark is refused at the start and accepted inside a string', () => {
    assert.match(faultOf('\ufeff{}'), /byte order mark/)
    assert.equal(valueOf('"\ufeff"'), '\ufeff')
  })

  test('UTF-16 is refused', () => {
    faultOf(Buffer.from('{}', 'utf16le'))
    faultOf(Buffer.from('\ufeff{}', 'utf16le'))
  })
})

describe('the message of a fault', () => {
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
    test(`says what is wrong with ${JSON.stringify(text)}`, () => assert.match(faultOf(text), says))
  }

  test('quotes only a few characters of the body', () => {
    assert.doesNotMatch(faultOf(`{"password": ${'hunter2'.repeat(50)}}`), /hunter/)
    assert.doesNotMatch(faultOf(`{"password": "hunter2" "x"}`), /hunter/)
  })
})

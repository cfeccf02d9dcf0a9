import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { parseQuery, readBoolean, readInteger } from '../../src/http/reading/query-string.ts'

const valuesOf = (text: string) => Object.entries(parseQuery(text).values)

describe('parseQuery', () => {
  const read: [text: string, values: [name: string, value: string][]][] = [
    ['', []],
    ['&', []],
    ['&&&', []],
    ['limit=20', [['limit', '20']]],
    [
      'status=incomplete,in_progress&sort=-dueDate',
      [
        ['status', 'incomplete,in_progress'],
        ['sort', '-dueDate'],
      ],
    ],
    [
      'a&&b=',
      [
        ['a', ''],
        ['b', ''],
      ],
    ],
    ['&a=1&', [['a', '1']]],
    ['a=b=c', [['a', 'b=c']]],
    ['=x', [['', 'x']]],
    ['=', [['', '']]],
    ['a=1;b=2', [['a', '1;b=2']]],
    [
      'a[]=1&a[b]=2',
      [
        ['a[]', '1'],
        ['a[b]', '2'],
      ],
    ],
    ['dueFrom=2026-12-01T17:00:00+01:00', [['dueFrom', '2026-12-01T17:00:00+01:00']]],
    ['dueFrom=2026-12-01T17%3A00%3a00%2B01:00', [['dueFrom', '2026-12-01T17:00:00+01:00']]],
    ['a%3Db=c%26d', [['a=b', 'c&d']]],
    ['l%69mit=2%30', [['limit', '20']]],
    ['%F0%9F%98%80=%C3%A9', [['😀', 'é']]],
    ['a=%2520', [['a', '%20']]],
    ['a=%00', [['a', '\0']]],
    [
      '__proto__=x&constructor=y&toString=z',
      [
        ['__proto__', 'x'],
        ['constructor', 'y'],
        ['toString', 'z'],
      ],
    ],
  ]
  for (const [text, values] of read) {
    test(`reads ${JSON.stringify(text)}`, () => {
      assert.deepEqual(valuesOf(text), values)
      assert.deepEqual(
        { ...parseQuery(text), values: {} },
        { values: {}, repeated: [], malformed: false, tooMany: false },
      )
    })
  }

  const malformed: [why: string, text: string][] = [
    ['a percent sign alone', 'a=%'],
    ['one digit', 'a=%4'],
    ['no hexadecimal digits', 'a=%zz'],
    ['a percent sign in a name', '%=1'],
    ['Latin-1', 'a=%E9'],
    ['a sequence cut short', 'a=%E2%82'],
    ['an overlong slash', 'a=%C0%AF'],
    ['a surrogate', 'a=%ED%A0%80'],
    ['past U+10FFFF', 'a=%F4%90%80%80'],
    ['one bad among good ones', 'limit=20&a=%zz&b=1'],
    ['a byte above ASCII', 'a=\xe9'],
    ['a space', 'a= 5'],
    ['a control character', 'a=\x7f'],
  ]
  for (const [why, text] of malformed) {
    test(`reports ${why} as malformed`, () => assert.equal(parseQuery(text).malformed, true))
  }

  test('lists each repeated parameter once, however it is spelled, and keeps its first value', () => {
    const query = parseQuery('limit=1&sort=a&l%69mit=2&limit=3&sort=a&due')
    assert.deepEqual(query.repeated, ['limit', 'sort'])
    assert.deepEqual({ ...query.values }, { limit: '1', sort: 'a', due: '' })
    assert.deepEqual(parseQuery('__proto__=1&__proto__=2').repeated, ['__proto__'])
    assert.deepEqual(parseQuery('toString=1&valueOf=2').repeated, [])
  })

  test('changes no prototype', () => {
    const { values } = parseQuery('__proto__=x&__proto__[polluted]=1&constructor.prototype.polluted=1')
    assert.equal(Object.hasOwn(values, '__proto__'), true)
    assert.equal('polluted' in {}, false)
  })

  test('reads at most 64 parameters and reports that there are more', () => {
    const parameters = (count: number) => Array.from({ length: count }, (_, n) => `p${n}=${n}`).join('&&')
    assert.equal(parseQuery(parameters(64)).tooMany, false)
    assert.equal(valuesOf(parameters(64)).length, 64)
    assert.equal(parseQuery(parameters(65)).tooMany, true)
    assert.equal(valuesOf(parameters(65)).length, 64)
  })

  test('never throws, whatever the input', () => {
    const nearly = fc
      .array(fc.constantFrom('&', '=', '%', '+', ';', 'a', 'é', '\0', '%4', '%zz', '%C3', '%A9', '__proto__'))
      .map((parts) => parts.join(''))
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.string({ unit: 'binary' }), nearly), (text) => {
        const { values, repeated } = parseQuery(text)
        for (const value of Object.values(values)) assert.equal(typeof value, 'string')
        assert.ok(repeated.every((name) => Object.hasOwn(values, name)))
      }),
      { numRuns: 3000 },
    )
  })

  test('decodes what encodeURIComponent encodes', () => {
    const text = fc.string({ unit: 'grapheme' })
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.tuple(text, text), { selector: ([name]) => name, maxLength: 10 }),
        (pairs) => {
          const query = pairs.map((pair) => pair.map(encodeURIComponent).join('=')).join('&')
          assert.deepEqual(new Map(valuesOf(query)), new Map(pairs))
          assert.equal(parseQuery(query).malformed, false)
        },
      ),
      { numRuns: 1000 },
    )
  })
})

describe('readInteger', () => {
  const cases: [text: string, integer: number | undefined][] = [
    ['0', 0],
    ['-0', 0],
    ['20', 20],
    ['-1', -1],
    ['9007199254740991', Number.MAX_SAFE_INTEGER],
    ['-9007199254740991', Number.MIN_SAFE_INTEGER],
    ['9007199254740992', undefined],
    ['9007199254740993', undefined],
    ['9'.repeat(400), undefined],
    ['', undefined],
    ['-', undefined],
    ['+5', undefined],
    [' 5', undefined],
    ['5 ', undefined],
    ['5\n', undefined],
    ['05', undefined],
    ['-05', undefined],
    ['00', undefined],
    ['1e1', undefined],
    ['1.0', undefined],
    ['0x10', undefined],
    ['1_000', undefined],
    ['1,000', undefined],
    ['５', undefined],
    ['Infinity', undefined],
    ['NaN', undefined],
    ['null', undefined],
  ]
  for (const [text, integer] of cases) {
    test(`${JSON.stringify(text.slice(0, 30))} ${integer === undefined ? 'is refused' : `gives ${integer}`}`, () =>
      assert.equal(readInteger(text), integer))
  }

  test('reads back what String writes', () => {
    fc.assert(
      fc.property(fc.maxSafeInteger(), (integer) => assert.equal(readInteger(String(integer)), integer)),
    )
  })
})

describe('readBoolean', () => {
  const cases: [text: string, value: boolean | undefined][] = [
    ['true', true],
    ['false', false],
    ['TRUE', undefined],
    ['1', undefined],
    ['0', undefined],
    ['', undefined],
    ['yes', undefined],
    ['true ', undefined],
  ]
  for (const [text, value] of cases) {
    test(`${JSON.stringify(text)} ${value === undefined ? 'is refused' : `gives ${value}`}`, () =>
      assert.equal(readBoolean(text), value))
  }
})

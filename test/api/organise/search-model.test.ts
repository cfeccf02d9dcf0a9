import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { docket } from '../../harness.ts'
import { isFound, pathOf, walk } from '../../list-model.ts'

// What SQL, an index of trigrams or a careless fold would get wrong.
const pieces = [
  'a', 'A', 'b', 'port', 'PASS', 'e', 'é', 'e\u0301', 'E\u0301\u0323', 'n\u0303', 'ﬁ', 'fi', 'ﬀ', 'ß', 'ẞ', 'ss',
  'İ', 'I', 'ı', 'i', 'i\u0307', 'Σ', 'σ', 'ς', 'Ω', '\u2126', 'Å', '\u212b', 'K', '\u212a',
  '東京', '京', 'へ', 'が', 'か\u3099', 'ｶﾞ', '한', '\u1112\u1161\u11ab', 'ф', 'й', 'и\u0306',
  '🦆', '👩‍👩‍👧', '👩', '\u200d', '\ufe0f', '❤\ufe0f', '1', '①', '½', '²',
  '%', '_', '\\', '%a', '_a', '\\%', '*', '?', '[a]', '"', "'", "''", '$1', '(', ')', '-', '+', '&', '#', ',', '|', ':',
  '\u0301', '\u00a8', '\u00b4', 'हि', '\u20dd', '\u{10ffff}', '\ufffd', '\u{1d400}', 'नि', 'ก็', 'ä̈',
] // prettier-ignore
const spaces = [' ', '  ', '\u00a0', '\u2003', '\u3000', '\ufeff', '\u1680']
const piece = fc.constantFrom(...pieces)
const word = fc.array(piece, { minLength: 1, maxLength: 4 }).map((parts) => parts.join(''))
const text = fc
  .array(fc.tuple(word, fc.constantFrom(...spaces)), { minLength: 1, maxLength: 5 })
  .map((parts) => parts.flat().join('').trim())
  .filter((joined) => joined !== '')
const label = word.map((one) => one.replaceAll(',', ''))
const labels = fc
  .uniqueArray(label, { maxLength: 3, selector: (one) => one.normalize('NFC').toLowerCase() })
  .map((names) => names.filter((name) => name.trim() !== ''))
const description = fc.oneof(
  fc.constant(''),
  fc.array(text, { minLength: 1, maxLength: 3 }).map((lines) => lines.join('\r\n\t')),
)
const task = fc.record({ title: text, description, labels })

/** A part of a text of one of the tasks, cut at code points, or words that may be nowhere. */
const asked = fc.oneof(
  fc.record({
    of: fc.nat(),
    from: fc.nat(12),
    length: fc.integer({ min: 1, max: 8 }),
    andThen: fc.option(piece),
  }),
  fc.record({
    q: fc.oneof(
      text,
      piece,
      fc.tuple(piece, piece).map((two) => two.join(' ')),
    ),
  }),
)
const scene = fc.record({
  wanted: fc.array(task, { minLength: 12, maxLength: 12 }),
  changed: fc.array(task, { minLength: 4, maxLength: 4 }),
  questions: fc.array(asked, { minLength: 40, maxLength: 40 }),
})

test('a search finds what a model of it finds, in every script', async (t) => {
  const server = await docket(t, { withAlice: false })
  let users = 0
  let found = 0
  await fc.assert(
    fc.asyncProperty(scene, async ({ wanted, changed, questions }) => {
      const user = await server.register(`user-${(users += 1)}`)
      const made = await Promise.all(wanted.map((one) => user.createTask(one)))
      for (const [i, fields] of changed.entries()) await user.patch(`/tasks/${made[i]?.id}`, fields)
      const tasks = await walk(user, { sort: 'title,createdAt' })
      for (const question of questions) {
        const q = 'q' in question ? question.q : partOf(tasks, question)
        if (q === '' || /\p{Cc}/u.test(q)) continue
        const expected = tasks.filter((one) => isFound(one, q))
        found += expected.length
        const {
          status,
          body,
          text: told,
        } = await user.get(pathOf({ q, sort: 'title,createdAt', count: 'true', limit: '100' }))
        assert.equal(status, 200, told)
        const shown = JSON.stringify([q, Array.from(q, (c) => c.codePointAt(0)?.toString(16))])
        assert.deepEqual(body, { items: expected, nextCursor: null, total: expected.length }, shown)
        assert.deepEqual(await walk(user, { q, sort: 'title,createdAt', limit: '2' }), expected, shown)
      }
    }),
    { numRuns: 6, endOnFailure: true },
  )
  assert.ok(found > 100, `only ${found} were found, too few to show anything`)
})

/** A part of what a task says, in another letter case or form now and then. */
function partOf(
  tasks: { title: string; description: string; labels: readonly string[] }[],
  { of, from, length, andThen }: { of: number; from: number; length: number; andThen: string | null },
): string {
  const { title = '', description: more = '', labels: names = [] } = tasks[of % tasks.length] ?? {}
  const texts = [title, more, ...names].filter((one) => one !== '')
  const points = Array.from(texts[from % texts.length] ?? '')
  const start = from % points.length
  const part = points.slice(start, start + length).join('')
  const spelled = [part, part.toUpperCase(), part.normalize('NFD'), part.normalize('NFC')][of % 4] ?? part
  return andThen === null ? spelled : `${spelled} ${andThen}`
}

import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { test } from 'node:test'
import { commands } from '../../src/people/commands.ts'
import { exits } from '../../src/people/failure.ts'
import { signedIn } from './person.ts'

const page = await readFile(new URL('../../docs/cli.md', import.meta.url), 'utf8')

test('the examples of docs/cli.md print what it shows', async (t) => {
  const { person } = await signedIn(t)
  const examples = [...page.matchAll(/^```sh\n(.*?)^```\n\n```text\n(.*?)^```$/gms)]
  assert.equal(examples.length, page.match(/^```sh$/gm)?.length)
  for (const [, lines = '', shown] of examples) {
    let printed = ''
    for (const line of lines.trimEnd().split('\n')) {
      const [program, ...argv] = wordsOf(line)
      assert.equal(program, 'docket')
      printed += await person.docket(...argv)
    }
    assert.equal(printed, shown)
  }
})

test('docs/cli.md names every command and exit code', () => {
  for (const name of Object.keys(commands))
    assert.match(page, new RegExp(`\`(?:docket )?${name}\\b|docket ${name}\\b`), name)
  const codes = [...page.matchAll(/^\| (\d+) \| /gm)].map(([, code]) => Number(code))
  assert.deepEqual(codes, Object.values(exits))
})

/** The words of a line as a shell reads them, as far as the examples need it. */
const wordsOf = (line: string): string[] =>
  [...line.matchAll(/'([^']*)'|(\S+)/g)].map(([, quoted, plain = '']) => quoted ?? plain)

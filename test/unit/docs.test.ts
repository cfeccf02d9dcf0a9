import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { model } from '../../src/tasks/tasks.ts'

const read = (path: string) => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8')

test('every test named in the ASVS map exists', () => {
  const map = read('docs/asvs.md')
  let count = 0
  for (const [, file = '', titles = ''] of map.matchAll(
    /`([\w/.-]+\.test\.ts)`((?: *(?:and|,)? *“[^”]+”)+)/g,
  )) {
    const source = read(`test/${file}`)
    for (const [, title = ''] of titles.matchAll(/“([^”]+)”/g)) {
      count += 1
      assert.ok(source.includes(title), `${file} has no test “${title}”`)
    }
  }
  assert.ok(count > 100)
  assert.equal(count, map.match(/“/g)?.length)
})

test('every heading that the security pages link to exists', () => {
  for (const page of ['docs/security.md', 'docs/asvs.md']) {
    for (const [, file = '', anchor = ''] of read(page).matchAll(/\]\(([\w./]*)#([\w-]+)\)/g)) {
      const headings = [...read(file === '' ? page : `docs/${file}`).matchAll(/^#+ (.+)$/gm)].map(
        ([, text = '']) =>
          text
            .toLowerCase()
            .replace(/[^\w -]/g, '')
            .replaceAll(' ', '-'),
      )
      assert.ok(headings.includes(anchor), `${page} links to ${file}#${anchor}`)
    }
  }
})

test('the README has a row for every field of a task', () => {
  const readme = read('README.md')
  for (const name of model.fieldNames) assert.match(readme, new RegExp(`^\\| \`${name}\` \\| .+ \\|$`, 'm'))
})

test('unit, container and benchmark start the server with the same memory settings', () => {
  for (const file of ['deploy/docket.service', 'Dockerfile', 'bench/processes.ts', 'docs/operations.md']) {
    const text = read(file)
    assert.match(text, /--max-semi-space-size=8\b/, file)
    assert.match(text, /MALLOC_ARENA_MAX(=|: ')1\b/, file)
    assert.match(text, /MALLOC_MMAP_THRESHOLD_(=|: ')131072\b/, file)
  }
  assert.match(read('package.json'), /"start": "node --max-semi-space-size=8 bin\/docket\.js serve"/)
})

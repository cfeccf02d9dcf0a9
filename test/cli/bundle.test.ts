import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { cpSync, mkdirSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { temporaryFolder } from '../process.ts'

const program = fileURLToPath(new URL('../../bin/docket.js', import.meta.url))

test('the bundle runs as long as no file that it is made of has changed', async (t) => {
  const folder = temporaryFolder(t)
  const write = (path: string, text: string) => {
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    writeFileSync(join(folder, path), text)
  }
  const said = async () =>
    (await promisify(execFile)(process.execPath, ['bin/docket.js'], { cwd: folder })).stdout
  write('package.json', '{ "type": "module" }')
  write('src/prepare.js', '')
  write('src/main.ts', "console.log('files')")
  write('src/other.ts', 'export {}')
  mkdirSync(join(folder, 'bin'))
  cpSync(program, join(folder, 'bin/docket.js'))
  assert.equal(await said(), 'files\n', 'without a bundle')

  const sources = ['src/main.ts', 'src/other.ts'].map((file) => {
    const { size, mtimeMs } = statSync(join(folder, file))
    return [file, size, Math.trunc(mtimeMs / 1000)]
  })
  write('dist/server/main.js', "console.log('bundle')")
  write('dist/server/sources.json', JSON.stringify(sources))
  assert.equal(await said(), 'bundle\n')

  const { atimeMs, mtimeMs } = statSync(join(folder, 'src/other.ts'))
  utimesSync(join(folder, 'src/other.ts'), atimeMs / 1000, mtimeMs / 1000 - 10)
  assert.equal(await said(), 'files\n', 'with another time')
  write('src/other.ts', 'export { }')
  utimesSync(join(folder, 'src/other.ts'), atimeMs / 1000, mtimeMs / 1000)
  assert.equal(await said(), 'files\n', 'with another size')
  write('src/other.ts', 'export {}')
  utimesSync(join(folder, 'src/other.ts'), atimeMs / 1000, mtimeMs / 1000)
  assert.equal(await said(), 'bundle\n', 'as it was')
  write('dist/server/sources.json', '[')
  assert.equal(await said(), 'files\n', 'with half of a list')
})

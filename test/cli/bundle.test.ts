import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { appendFileSync, cpSync, mkdirSync, statSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { temporaryFolder } from '../process.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))

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
  for (const file of ['bin/docket.js', 'bin/bundled.js']) cpSync(join(root, file), join(folder, file))
  assert.equal(await said(), 'files\n', 'without a bundle')

  const sources = ['src/main.ts', 'src/other.ts'].map((file) => {
    const { size, mtimeMs } = statSync(join(folder, file))
    return [file, size, Math.trunc(mtimeMs / 1000)]
  })
  write('dist/server/main.js', "console.log('bundle')")
  write('dist/server/sources.json', JSON.stringify(sources))
  write('dist/server/package-lock.json', '{}')
  write('package-lock.json', '{}')
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
  write('package-lock.json', '{ }')
  assert.equal(await said(), 'files\n', 'with other packages')
  write('package-lock.json', '{}')
  assert.equal(await said(), 'bundle\n', 'with the same lock file, written again')
  write('dist/server/sources.json', '[')
  assert.equal(await said(), 'files\n', 'with half of a list')
})

test('what is bundled runs, and the program finds it current', async (t) => {
  const folder = temporaryFolder(t)
  for (const path of ['package.json', 'package-lock.json', 'bin', 'src', 'client/src', 'tools/bundle.js'])
    cpSync(join(root, path), join(folder, path), { recursive: true })
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'))
  const run = async (...args: string[]) => promisify(execFile)(process.execPath, args, { cwd: folder })
  await run('tools/bundle.js')
  appendFileSync(join(folder, 'dist/server/main.js'), "\nconsole.log('bundle')\n")
  const { stdout } = await run('bin/docket.js', '--version')
  assert.match(stdout, /^\d+\.\d+\.\d+\nbundle\n$/)

  assert.equal((await run('tools/bundle.js')).stdout, 'bundle: current\n')
  assert.equal((await run('bin/docket.js', '--version')).stdout, stdout, 'it is not made again')
  appendFileSync(join(folder, 'src/main.ts'), '\n')
  assert.match((await run('tools/bundle.js')).stdout, /^bundle: \d+ files/)
})

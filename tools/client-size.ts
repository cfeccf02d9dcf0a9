import { execFile } from 'node:child_process'
import { mkdtempDisposable, readFile, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { gzipSync } from 'node:zlib'
import { rolldown } from 'rolldown'

// Fails if the client has grown too large: as it is published, comments and all, and as a page gets what it uses of it,
// bundled and minified. Of the latter, what a page does not use must not be there.

await using folder = await mkdtempDisposable(join(tmpdir(), 'docket-client-'))
const tsc = join(import.meta.dirname, '../node_modules/typescript/bin/tsc')
await promisify(execFile)(process.execPath, [tsc, '-p', 'client', '--outDir', folder.path])
// A bundler learns from it that no file of the package has to run for its own sake.
await writeFile(join(folder.path, 'package.json'), '{ "type": "module", "sideEffects": false }')

check('client, as it is published', await published('index.js'), 8000)
check('words, as they are published', await published('words/index.js'), 11_000)
check('client', await bundled("export * from './index.js'"), 4200)
check(
  'client, of which connect and Problem',
  await bundled("export { connect, Problem } from './index.js'"),
  3700,
)
check('client, of which Problem', await bundled("export { Problem } from './index.js'"), 600)
check('replica', await bundled("export { openReplica } from './replica/replica.js'"), 11_000)
check(
  'client and replica',
  await bundled("export * from './index.js'; export * from './replica/replica.js'"),
  14_200,
)

function check(what: string, bytes: number, mostBytes: number): void {
  console.log(`${what}: ${bytes} of at most ${mostBytes} bytes, gzipped`)
  if (bytes > mostBytes) process.exitCode = 1
}

function gzipped(text: string): number {
  return gzipSync(text, { level: 9 }).length
}

/** The size of a file of the package with all that it imports. */
async function published(entry: string): Promise<number> {
  const loaded = new Map<string, string>()
  await load(entry, loaded)
  return gzipped([...loaded.values()].join('\n'))
}

async function load(file: string, loaded: Map<string, string>): Promise<void> {
  if (loaded.has(file)) return
  const source = await readFile(join(folder.path, file), 'utf8')
  loaded.set(file, source)
  for (const [, imported = ''] of source.matchAll(/from '(\.[^']+)'/g))
    await load(join(dirname(file), imported), loaded)
}

/** The size of what a page gets that uses these exports. */
async function bundled(page: string): Promise<number> {
  const input = join(folder.path, 'page.js')
  await writeFile(input, page)
  const bundle = await rolldown({ input })
  const { output } = await bundle.generate({ format: 'esm', minify: true })
  await bundle.close()
  return gzipped(output.map((part) => (part.type === 'chunk' ? part.code : '')).join('\n'))
}

import { execFile } from 'node:child_process'
import { mkdtempDisposable, readFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { gzipSync } from 'node:zlib'

// Fails if what an entry of docket-client loads has grown too large. It is measured as it is published, comments and
// all; what a bundler makes of it is smaller.

const mostBytes = { 'index.js': 8 * 1000, 'words/index.js': 11 * 1000 }

await using folder = await mkdtempDisposable(join(tmpdir(), 'docket-client-'))
const tsc = join(import.meta.dirname, '../node_modules/typescript/bin/tsc')
await promisify(execFile)(process.execPath, [tsc, '-p', 'client', '--outDir', folder.path])

for (const [entry, most] of Object.entries(mostBytes)) {
  const loaded = new Map<string, string>()
  await load(entry, loaded)
  const bytes = gzipSync([...loaded.values()].join('\n'), { level: 9 }).length
  console.log(`client: ${entry} has ${bytes} of at most ${most} bytes, gzipped`)
  if (bytes > most) process.exitCode = 1
}

/** Reads a file of the package and all that it imports. */
async function load(file: string, loaded: Map<string, string>): Promise<void> {
  if (loaded.has(file)) return
  const source = await readFile(join(folder.path, file), 'utf8')
  loaded.set(file, source)
  for (const [, imported = ''] of source.matchAll(/from '(\.[^']+)'/g)) {
    await load(join(dirname(file), imported), loaded)
  }
}

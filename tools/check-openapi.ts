import { execFile } from 'node:child_process'
import { readFile, writeFile } from 'node:fs/promises'
import { diff, parseArgs, promisify } from 'node:util'
import { clientTypes } from './client-types.ts'

// Compares the committed openapi.json with the one that the program prints, and the types of the client with
// those that follow from it; with --write, replaces both.

const LINES_SHOWN = 60

const { values } = parseArgs({ options: { write: { type: 'boolean', default: false } } })
const { stdout: document } = await promisify(execFile)(process.execPath, ['src/main.ts', 'openapi'], {
  maxBuffer: 2 ** 26,
})

await keepCurrent('openapi.json', document)
await keepCurrent('client/src/api.ts', clientTypes(document))

async function keepCurrent(path: string, current: string): Promise<void> {
  if (values.write) return writeFile(path, current)
  const drift = differingLines(await readFile(path, 'utf8').catch(() => ''), current)
  if (drift.length === 0) return
  console.error(`${path} differs from the code. Look, then run: npm run openapi\n`)
  console.error(drift.slice(0, LINES_SHOWN).join('\n'))
  if (drift.length > LINES_SHOWN) console.error(`… and ${drift.length - LINES_SHOWN} more lines`)
  process.exitCode = 1
}

/** Marks a line that is only in the committed file with `-` and its number, and one only in the new document with `+`. */
function differingLines(committed: string, now: string): string[] {
  if (committed === now) return []
  let committedLine = 0
  let currentLine = 0
  const lines: string[] = []
  for (const [operation, text] of diff(now.split('\n'), committed.split('\n'))) {
    if (operation <= 0) committedLine += 1
    if (operation >= 0) currentLine += 1
    if (operation < 0) lines.push(`- ${committedLine}: ${text}`)
    if (operation > 0) lines.push(`+ ${currentLine}: ${text}`)
  }
  return lines
}

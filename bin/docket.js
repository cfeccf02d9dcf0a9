#!/usr/bin/env node
// Plain JavaScript too: what Node compiled before is at hand by the time that it comes to the program, so it need not
// load its TypeScript compiler, and the memory for that.
import '../src/prepare.js'
import { readFileSync, statSync } from 'node:fs'

const root = `${import.meta.dirname}/../`

await import(isBundleCurrent() ? '../dist/server/main.js' : '../src/main.ts')

/**
 * Whether `npm ci` made a bundle, of the same packages, and no file of it has changed since; otherwise Node runs the
 * files as they are. Of the lock file the text counts: `npm prune` writes it again as it is.
 */
function isBundleCurrent() {
  try {
    const lock = readFileSync(`${root}package-lock.json`)
    if (!lock.equals(readFileSync(`${root}dist/server/package-lock.json`))) return false
    /** @type {[file: string, size: number, changedAt: number][]} */
    const sources = JSON.parse(readFileSync(`${root}dist/server/sources.json`, 'utf8'))
    return sources.every(([file, size, changedAt]) => {
      const state = statSync(root + file)
      return state.size === size && Math.trunc(state.mtimeMs / 1000) === changedAt
    })
  } catch {
    return false
  }
}

// Plain JavaScript: bin/docket.js and tools/bundle.js ask it.
import { readFileSync, statSync } from 'node:fs'

/**
 * Whether `npm ci` made a bundle in `dist/server`, of the same packages, and no file of it has changed since. Of the lock
 * file the text counts: `npm prune` writes it again as it is.
 * @param {string} root where `dist` is, with a slash at the end
 */
export function isBundleCurrent(root) {
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

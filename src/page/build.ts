import { existsSync, readFileSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { extname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** Where `npm run page` leaves the page. */
export const builtPage = fileURLToPath(new URL('../../web/dist/', import.meta.url))

/** A file of the page, as the build made it. */
export interface PageFile {
  /** Its address, such as `/assets/page-Bx3kQ9.js`. */
  path: string
  type: string
  /** Whether its name changes with its content. */
  isHashed: boolean
  read(coding?: 'br' | 'gzip'): Promise<Buffer>
}

const types: Record<string, string> = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.webmanifest': 'application/manifest+json',
}
const endings = { br: '.br', gzip: '.gz' }

/** The files of the build in a folder; undefined if there is none, such as after `npm ci --ignore-scripts`. */
export function findPage(folder: string): readonly PageFile[] | undefined {
  const list = join(folder, 'files.json')
  if (!existsSync(list)) return undefined
  const names: unknown = JSON.parse(readFileSync(list, 'utf8'))
  if (!Array.isArray(names)) return undefined
  return names.map((name) => fileOf(folder, String(name)))
}

const fileOf = (folder: string, name: string): PageFile => ({
  path: name === 'index.html' ? '/' : `/${name}`,
  type: types[extname(name)] ?? 'application/octet-stream',
  isHashed: name.startsWith('assets/'),
  read: (coding) => readFile(join(folder, coding === undefined ? name : name + endings[coding])),
})

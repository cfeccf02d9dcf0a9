// Builds the page into web/dist, and compresses it once and for all. Plain JavaScript for any Node from version 20:
// `npm ci` runs it, and goes on without the page where Vite is not installed.

import { mkdir, readFile, readdir, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { brotliCompress, constants, gzip } from 'node:zlib'

const folder = join(import.meta.dirname, 'dist')
/** What the first load may take of script and style, compressed. */
const mostBytes = 60_000
const isText = (/** @type {string} */ name) => /\.(?:css|html|js|svg|webmanifest)$/.test(name)

const vite = await import('vite').catch(() => undefined)
if (vite) await build(vite)
else console.log('page: not built, since Vite is not installed here')

/** Builds beside the old page and then takes its place, so that a server never finds half of one. */
async function build(/** @type {typeof import('vite')} */ { build: buildPage }) {
  const fresh = `${folder}.new`
  const configFile = join(import.meta.dirname, 'vite.config.js')
  await rm(fresh, { recursive: true, force: true })
  await mkdir(fresh, { recursive: true })
  await buildPage({ configFile, logLevel: 'warn', build: { outDir: fresh, emptyOutDir: true } })
  await compressAll(fresh)
  await rm(folder, { recursive: true, force: true })
  await rename(fresh, folder)
}

async function compressAll(/** @type {string} */ from) {
  const entries = await readdir(from, { recursive: true, withFileTypes: true })
  const names = entries
    .filter((entry) => entry.isFile())
    .map((entry) =>
      join(entry.parentPath, entry.name)
        .slice(from.length + 1)
        .replaceAll('\\', '/'),
    )
  await writeFile(join(from, 'files.json'), JSON.stringify(names))
  const sizes = new Map()
  for (const name of names.filter(isText)) {
    const plain = await readFile(join(from, name))
    const small = await promisify(brotliCompress)(plain, {
      params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: plain.length },
    })
    sizes.set(name, small.length)
    await writeFile(join(from, `${name}.br`), small)
    await writeFile(join(from, `${name}.gz`), await promisify(gzip)(plain, { level: 9 }))
  }
  await measure(from, sizes)
}

/** Adds up what the page asks for before it shows anything. */
async function measure(/** @type {string} */ from, /** @type {Map<string, number>} */ sizes) {
  const html = await readFile(join(from, 'index.html'), 'utf8')
  const first = [...sizes].filter(([name]) => html.includes(`/${name}"`) && /\.(?:js|css)$/.test(name))
  const bytes = first.reduce((sum, [, size]) => sum + size, 0)
  const all = [...sizes].reduce((sum, [, size]) => sum + size, 0)
  console.log(`page: the first load has ${bytes} of at most ${mostBytes} bytes, brotli; all of it ${all}`)
  if (bytes > mostBytes) process.exitCode = 1
}

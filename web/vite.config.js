import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { defineConfig } from 'vite'

/** The paths of the API; everything else is the page's. */
const api =
  '^/(auth|me|tasks|projects|labels|batch|changes|events|docs|openapi.json|problems|livez|readyz)([/?].*)?$'

/** Tells the service worker what the page is made of, so that another page has another worker, whatever differs. */
const shell = {
  name: 'shell',
  enforce: 'post',
  /** @param {unknown} _options @param {Record<string, { type: string, code?: string, source?: string | Uint8Array }>} bundle */
  generateBundle(_options, bundle) {
    const worker = 'service-worker.js'
    const names = Object.keys(bundle).filter((name) => name !== worker)
    const chunk = bundle[worker]
    if (chunk?.code === undefined) throw new Error('The service worker was not built.')
    const open = join(import.meta.dirname, 'public')
    const icons = readdirSync(open)
    const html = bundle['index.html']?.source
    if (html === undefined) throw new Error('The page was not built.')
    const version = createHash('sha256').update(html)
    for (const name of names) version.update(name)
    for (const name of icons) version.update(readFileSync(join(open, name)))
    const files = [...names.filter((name) => name !== 'index.html'), ...icons].map((name) => `/${name}`)
    chunk.code = chunk.code
      .replace('__FILES__', () => JSON.stringify(['/', ...files]))
      .replace('__VERSION__', () => JSON.stringify(version.digest('hex').slice(0, 12)))
  },
}

// oxlint-disable-next-line import/no-default-export -- Vite asks for it.
export default defineConfig({
  root: import.meta.dirname,
  plugins: [shell],
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  build: {
    target: 'es2024',
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0,
    rolldownOptions: {
      input: { page: 'index.html', 'service-worker': 'worker/service-worker.ts' },
      output: {
        entryFileNames: ({ name }) =>
          name === 'service-worker' ? 'service-worker.js' : 'assets/[name]-[hash].js',
      },
    },
  },
  server: { port: 5173, proxy: { [api]: 'http://127.0.0.1:3000' } },
})

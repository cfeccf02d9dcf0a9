import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { defineConfig } from 'vite'

/** The paths of the API; everything else is the page's. */
const api =
  '^/(auth|me|tasks|projects|labels|batch|changes|events|docs|openapi.json|problems|livez|readyz)([/?].*)?$'

/** Tells the service worker what the page is made of, and leaves the list for the server. */
const shell = {
  name: 'shell',
  /** @param {unknown} _options @param {Record<string, { type: string, code?: string }>} bundle */
  generateBundle(_options, bundle) {
    const worker = 'service-worker.js'
    const names = Object.keys(bundle).filter((name) => name !== worker)
    const chunk = bundle[worker]
    if (chunk?.code === undefined) throw new Error('The service worker was not built.')
    const icons = readdirSync(join(import.meta.dirname, 'public'))
    const files = [...names.filter((name) => name !== 'index.html'), ...icons].map((name) => `/${name}`)
    chunk.code = chunk.code.replace('__FILES__', () => JSON.stringify(['/', ...files]))
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

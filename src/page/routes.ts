import { fixedAnswer } from '../http/answering/fixed-answers.ts'
import type { Server } from '../http/fastify.ts'
import { findPage, type PageFile } from './build.ts'

/**
 * Everything comes from this server, and nothing is made of text: no inline script or style, no eval. The one policy
 * for scripts is for the address of the service worker, which Chromium counts among them.
 */
const policy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self'",
  "connect-src 'self'",
  "manifest-src 'self'",
  "worker-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'",
  'trusted-types docket-worker',
].join('; ')

const always = 'public, max-age=31536000, immutable'

const missing = `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Docket</title></head>
<body>
<h1>The page was not built</h1>
<p>The API works: see <a href="/docs">its documentation</a>.</p>
<p>To build the page, run <code>npm ci && npm run page</code> where Docket is installed, then start it again.</p>
</body>
</html>
`

/** Serves the page, each file as the build compressed it. */
export function addPage(app: Server, folder: string): void {
  const files = findPage(folder)
  for (const file of files ?? []) addFile(app, file)
  if (!files) addMissing(app)
}

function addFile(app: Server, { path, type, isHashed, read }: PageFile): void {
  const answer = fixedAnswer({
    type,
    headers: { 'content-security-policy': policy, ...(isHashed && { 'cache-control': always }) },
    make: read,
    compress: { br: () => read('br'), gzip: () => read('gzip') },
  })
  app.get(path, { config: { public: true }, schema: { hide: true } }, answer)
}

function addMissing(app: Server): void {
  app.get('/', { config: { public: true }, schema: { hide: true } }, (_request, reply) =>
    reply.type('text/html; charset=utf-8').send(missing),
  )
}

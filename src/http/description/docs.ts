import { readFile } from 'node:fs/promises'
import { fixedAnswer } from '../answering/fixed-answers.ts'
import type { Server } from '../fastify.ts'
import { addDocument } from './openapi.ts'

const html = 'text/html; charset=utf-8'
const script = 'application/javascript; charset=utf-8'
const style = 'text/css; charset=utf-8'

/** The files of Swagger UI that the page needs. Of its plugin for Fastify, which brings them, nothing else is used. */
const folder = new URL('./static/', import.meta.resolve('@fastify/swagger-ui'))
const files = {
  'swagger-ui-bundle.js': script,
  'swagger-ui.css': style,
  'index.css': style,
  'favicon-32x32.png': 'image/png',
  'favicon-16x16.png': 'image/png',
}

/** Everything comes from this server. Swagger UI needs inline styles, and images in data URLs. */
const policy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ')

const page = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Docket</title>
<link rel="stylesheet" href="/docs/static/swagger-ui.css">
<link rel="stylesheet" href="/docs/static/index.css">
<link rel="icon" type="image/png" href="/docs/static/favicon-32x32.png" sizes="32x32">
<link rel="icon" type="image/png" href="/docs/static/favicon-16x16.png" sizes="16x16">
</head>
<body>
<div id="swagger-ui"></div>
<script src="/docs/static/swagger-ui-bundle.js"></script>
<script src="/docs/static/swagger-initializer.js"></script>
</body>
</html>
`

const initializer = `SwaggerUIBundle({
  dom_id: '#swagger-ui',
  url: '/openapi.json',
  layout: 'BaseLayout',
  deepLinking: true,
  persistAuthorization: true,
  tryItOutEnabled: true,
  validatorUrl: null,
})
`

/** Serves the document and the interactive documentation, which works without a network. */
export function addDocs(app: Server): void {
  addDocument(app)
  addHidden(app, '/docs', html, () => page)
  addHidden(app, '/docs/', html, () => page)
  addHidden(app, '/docs/static/swagger-initializer.js', script, () => initializer)
  for (const [name, type] of Object.entries(files))
    addHidden(app, `/docs/static/${name}`, type, () => readFile(new URL(name, folder)))
}

/** Adds a page or file of the documentation, which the document does not show. */
function addHidden(app: Server, path: string, type: string, make: () => string | Promise<Buffer>): void {
  const answer = fixedAnswer({ type, headers: { 'content-security-policy': policy }, make })
  app.get(path, { config: { public: true }, schema: { hide: true } }, answer)
}

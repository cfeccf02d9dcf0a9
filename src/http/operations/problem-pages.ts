import type { Static } from 'typebox'
import * as Type from '../../core/json-schema.ts'
import { catalogue, isSlug, type Slug } from '../../core/catalogue.ts'
import { sha256 } from '../../core/digest.ts'
import { AppError } from '../../core/errors.ts'
import { named } from '../../core/wire.ts'
import { statusOf } from '../problems/problem.ts'
import type { Server } from '../fastify.ts'

const Explanation = Type.Object(
  {
    type: Type.String(),
    title: Type.String(),
    status: Type.Integer(),
    explanation: Type.String(),
    mend: Type.String({ description: 'What a client can do about it.' }),
  },
  named('ProblemType', 'A type of problem, explained.'),
)

const style = `
:root { color-scheme: light dark; font: 1.1rem/1.6 system-ui, sans-serif }
body { margin: 4rem auto; max-width: 40rem; padding: 0 1.5rem }
h1 { line-height: 1.2 }
code { background: #8883; border-radius: 0.25rem; padding: 0.1rem 0.3rem }
`
const styleHash = sha256(style, 'base64')
const pagePolicy = `default-src 'none'; style-src 'sha256-${styleHash}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`

/** Adds a page for each problem type, at the path that its `type` names (RFC 9457 §3.1.1). */
export function addProblemPages(app: Server): void {
  app.get(
    '/problems/:slug',
    {
      config: { public: true },
      schema: {
        summary: 'Explain a type of problem and its mend',
        operationId: 'getProblemType',
        tags: ['operations'],
        params: Type.Object({ slug: Type.String({ examples: ['not-found'] }) }),
        response: {
          200: {
            description: 'The explanation, to a browser as a page.',
            content: { 'application/json': { schema: Explanation }, 'text/html': { schema: Type.String() } },
          },
        },
      },
    },
    async (request, reply) => {
      const { slug } = request.params
      if (!isSlug(slug))
        throw new AppError(
          'not-found',
          'There is no problem type of this name; /docs shows all that there is.',
        )
      const page = { type: `/problems/${slug}`, status: statusOf(slug), ...catalogue[slug] }
      if (!prefersHtml(request.headers.accept)) return page
      return reply
        .type('text/html; charset=utf-8')
        .header('content-security-policy', pagePolicy)
        .send(htmlOf(slug, page))
    },
  )
}

/** A browser asks for text/html and not for JSON; everything else is a program. */
const prefersHtml = (accept = '') => accept.includes('text/html') && !accept.includes('json')

function htmlOf(slug: Slug, { title, status, explanation, mend }: Static<typeof Explanation>): string {
  return `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${status} ${escape(title)} · Docket</title><style>${style}</style></head>
<body>
<main>
<h1>${status} ${escape(title)}</h1>
<p><code>/problems/${slug}</code></p>
<p>${escape(explanation)}</p>
<h2>What to do</h2>
<p>${escape(mend)}</p>
<p><a href="/docs">All operations</a></p>
</main>
</body>
</html>
`
}

const escape = (text: string) =>
  text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replace(/`([^`]*)`/g, '<code>$1</code>')

import cors, { type FastifyCorsOptions } from '@fastify/cors'
import type { FastifyInstance } from 'fastify'

const options: FastifyCorsOptions = {
  methods: ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'],
  exposedHeaders: [
    'ETag',
    'Link',
    'Location',
    'Request-Id',
    'Retry-After',
    'RateLimit',
    'RateLimit-Policy',
    'Docket-Revision',
    'Idempotent-Replayed',
  ],
  maxAge: 600,
  strictPreflight: false,
  preflightContinue: true, // so that it gets the usual answer to OPTIONS, with Allow
}

/** Lets pages of these origins call the API (Fetch standard §3.2). Without origins it adds no header. */
export async function allowOrigins(app: FastifyInstance, origins: string[]): Promise<void> {
  if (origins.length === 0) return
  // A function, since with a list the plugin sends all other CORS headers to strangers too.
  const isAllowed = (origin: string | undefined) => origin !== undefined && origins.includes(origin)
  await app.register(cors, { ...options, origin: (origin, tell) => tell(null, isAllowed(origin)) })
}

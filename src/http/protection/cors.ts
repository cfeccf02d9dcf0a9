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
  preflightContinue: true, // the answer itself is the one that OPTIONS gets anyway, with Allow
}

/** Lets pages of these origins call the API (Fetch standard §3.2); no origin, no header. */
export async function allowOrigins(app: FastifyInstance, origins: string[]): Promise<void> {
  if (origins.length === 0) return
  // Asked for each request, since for a list the plugin tells strangers all but the origin.
  const isAllowed = (origin: string | undefined) => origin !== undefined && origins.includes(origin)
  await app.register(cors, { ...options, origin: (origin, tell) => tell(null, isAllowed(origin)) })
}

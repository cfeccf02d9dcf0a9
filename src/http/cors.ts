import cors, { type FastifyCorsOptions } from '@fastify/cors'
import type { FastifyInstance } from 'fastify'

declare module 'fastify' {
  interface FastifyRequest {
    corsPreflightEnabled?: boolean
  }
}

const options: FastifyCorsOptions = {
  methods: ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'],
  exposedHeaders: ['ETag', 'Link', 'Location', 'Request-Id', 'Retry-After', 'RateLimit', 'RateLimit-Policy'],
  maxAge: 600,
  strictPreflight: false,
  preflightContinue: true,
}

/** Lets pages of these origins call the API (Fetch standard §3.2); no origin, no header. */
export async function allowOrigins(app: FastifyInstance, origins: string[]): Promise<void> {
  if (origins.length === 0) return
  await app.register(cors, { ...options, origin: origins })
  // The headers are set by now; the answer itself is the one that OPTIONS gets anyway, with Allow.
  app.addHook('onRequest', (request, _reply, done) => {
    request.corsPreflightEnabled = false
    done()
  })
}

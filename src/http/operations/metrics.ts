import type { Histogram, Registry } from '@prometheus-io/client'
import type { FastifyInstance } from 'fastify'
import { latencyBounds } from '../../core/measures.ts'
import { version } from '../../core/version.ts'

type Child = ReturnType<Histogram['labels']>

/** Measures requests by method, route and status, and the process itself. */
export async function measureRequests(app: FastifyInstance): Promise<Registry> {
  const client = await import('@prometheus-io/client') // only here: it takes a tenth of the server's memory
  const registry = new client.Registry()
  client.collectDefaultMetrics({ register: registry })
  const histogram = new client.Histogram({
    name: 'http_request_duration_seconds',
    help: 'Time from the head of a request to the end of its answer',
    labelNames: ['method', 'route', 'status'],
    buckets: [...latencyBounds],
    registers: [registry],
  })
  new client.Gauge({
    name: 'docket_build_info',
    help: 'The version of Docket; always 1',
    labelNames: ['version'],
    registers: [registry],
  })
    .labels(version)
    .set(1)
  const children = new Map<string, Child>() // kept, since looking up labels costs as much as measuring

  app.addHook('onResponse', (request, reply, done) => {
    const [method, route, status] = [
      request.method,
      request.routeOptions.url ?? '-',
      String(reply.statusCode),
    ]
    const key = `${method} ${route} ${status}`
    const child = children.get(key) ?? histogram.labels(method, route, status)
    children.set(key, child)
    child.observe(reply.elapsedTime / 1000)
    done()
  })
  return registry
}

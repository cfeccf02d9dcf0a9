import * as Type from '../../core/json-schema.ts'
import { isSameText, sha256 } from '../../core/digest.ts'
import { writeMeasures, type Measure } from '../../core/measures.ts'
import { version } from '../../core/version.ts'
import { AppError } from '../../core/errors.ts'
import { unknownPath } from '../answering/fallback.ts'
import { noToken } from '../protection/authenticate.ts'
import { measureRequests } from './metrics.ts'
import type { Server } from '../fastify.ts'

/** What these routes need from the other parts. */
export interface OperationsOptions {
  /** Rejects if the database does not answer. */
  ping(): Promise<void>
  isStopping(): boolean
  metricsToken: string | undefined
  /** What the metrics tell beside requests and the process. */
  measures: readonly Measure[]
}

const Status = Type.Object({ status: Type.Literal('ok') }, { additionalProperties: false })
const Liveness = Type.Object(
  { status: Type.Literal('ok'), version: Type.String({ description: 'The version of Docket.' }) },
  { additionalProperties: false },
)
const retryAfterSeconds = 1

const config = { public: true, unlimited: true }
const operations = { tags: ['operations'], security: [] }

/** Adds what a supervisor asks for: whether the process lives, whether it can serve, and its metrics. */
export async function addOperations(app: Server, options: OperationsOptions): Promise<void> {
  addLiveness(app)
  addReadiness(app, options)
  await addMetrics(app, options)
}

function addLiveness(app: Server): void {
  app.get(
    '/livez',
    {
      config,
      schema: {
        ...operations,
        summary: 'Tell whether the process lives',
        operationId: 'getLiveness',
        response: { 200: Liveness },
      },
    },
    async () => ({ status: 'ok' as const, version }),
  )
}

function addReadiness(app: Server, { ping, isStopping }: OperationsOptions): void {
  app.get(
    '/readyz',
    {
      config,
      schema: {
        ...operations,
        summary: 'Tell whether requests can be served',
        operationId: 'getReadiness',
        problems: ['unavailable'],
        response: { 200: Status },
      },
    },
    async () => {
      if (isStopping()) throw new AppError('unavailable', 'The server is stopping.', { retryAfterSeconds })
      await ping()
      return { status: 'ok' as const }
    },
  )
}

async function addMetrics(app: Server, { metricsToken, measures }: OperationsOptions): Promise<void> {
  const registry = metricsToken === undefined ? undefined : await measureRequests(app)
  app.get(
    '/metrics',
    {
      config,
      schema: {
        ...operations,
        summary: 'Read the metrics, for Prometheus',
        operationId: 'getMetrics',
        description:
          'With `Authorization: Bearer` and the value of METRICS_TOKEN; not found where that is unset.',
        security: [{ metricsToken: [] }],
        problems: ['invalid-token', 'not-found'],
        response: {
          200: {
            description: 'In the text format of Prometheus.',
            content: { 'text/plain': { schema: Type.String() } },
          },
        },
      },
    },
    async (request, reply) => {
      if (!registry || metricsToken === undefined) throw unknownPath(request.method)
      assertMetricsToken(request.headers.authorization, metricsToken)
      const ours = await writeMeasures(measures)
      return reply.type(registry.contentType).send(`${await registry.metrics()}\n${ours}`)
    },
  )
}

function assertMetricsToken(authorization: string | undefined, metricsToken: string): void {
  const detail = 'Send `Authorization: Bearer` with the value of METRICS_TOKEN.'
  if (authorization === undefined) throw noToken(detail)
  const given = authorization.replace(/^bearer +/i, 'Bearer ')
  if (!isSameText(sha256(`Bearer ${metricsToken}`), sha256(given)))
    throw new AppError('invalid-token', detail)
}

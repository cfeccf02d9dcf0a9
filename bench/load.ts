import { Agent, request, type IncomingMessage } from 'node:http'
import { setTimeout as delay } from 'node:timers/promises'
import autocannon, { type Client, type Request } from 'autocannon'

// The load generator, which runs in a process of its own and uses autocannon.

/** What to send: each connection repeats its own requests, one after another. */
export interface Job {
  origin: string
  connections: number
  seconds: number
  /** The plan of each connection; there may be fewer plans than connections. */
  plans: Request[][]
  /** Whether each connection repeats one request with the newest ETag and a different body. */
  followsTags?: boolean
  /** How many requests a second to send in all, at most; without it, each connection sends as soon as it has a response. */
  rate?: number
  /** How many requests a second to send at even distances, whether or not those before have their response. */
  evenRate?: number
}

/** The result of a job; times in milliseconds. */
export interface Outcome {
  seconds: number
  good: number
  /** 429 and 503. */
  refused: number
  /** Any other response, or none. */
  failed: number
  p50: number
  p99: number
  slowest: number
}

process.on('message', (jobs: Job[]) => {
  Promise.all(jobs.map((job) => (job.evenRate === undefined ? run(job) : runEvenly(job, job.evenRate)))).then(
    (outcomes) => process.send?.(outcomes),
    (error: unknown) => {
      throw error
    },
  )
})

function run({ origin, connections, seconds, plans, followsTags = false, rate }: Job): Promise<Outcome> {
  const { promise, resolve, reject } = Promise.withResolvers<Outcome>()
  const counts = { good: 0, refused: 0, failed: 0 }
  const times: number[] = []
  let connected = 0
  const setupClient = (client: Client) => {
    const plan = plans[connected++ % plans.length] ?? []
    client.setRequests(plan)
    if (followsTags && plan[0]) followTags(client, plan[0])
  }
  const begun = performance.now()
  let ended = begun
  const tracker = autocannon(
    {
      url: origin,
      connections,
      duration: seconds,
      sampleInt: 50,
      timeout: 30,
      setupClient,
      ...(rate && { overallRate: rate }),
    },
    (error, { errors }) => {
      if (error) return reject(error)
      const failed = counts.failed + errors
      resolve({ ...counts, failed, seconds: (ended - begun) / 1000, ...timesOf(times) })
    },
  )
  tracker.on('response', (_client: Client, status: number, _bytes: number, ms: number) => {
    ended = performance.now()
    counts[kindOf(status)] += 1
    if (kindOf(status) === 'good') times.push(ms)
  })
  return promise
}

function timesOf(times: number[]): Pick<Outcome, 'p50' | 'p99' | 'slowest'> {
  times.sort((a, b) => a - b)
  const at = (part: number) => times[Math.min(times.length - 1, Math.floor(times.length * part))] ?? 0
  return { p50: at(0.5), p99: at(0.99), slowest: at(1) }
}

/** Autocannon builds all requests of a plan before it sends the first: 4,000 take a tenth of a second. */
const untilPlansAreBuiltMs = 300

/**
 * Sends requests without a body. Autocannon would send those of each second at its beginning, as fast as it can. It
 * waits for the plans of the jobs beside it: while they are built, no response is read.
 */
async function runEvenly({ origin, connections, seconds, plans }: Job, rate: number): Promise<Outcome> {
  const agent = new Agent({ keepAlive: true, maxSockets: connections })
  const requests = plans.flat()
  const counts = { good: 0, refused: 0, failed: 0 }
  const times: number[] = []
  const waiting: Promise<void>[] = []
  await delay(untilPlansAreBuiltMs)
  const begun = performance.now()
  const ask = async ({ method, path, headers = {} }: Request) => {
    const sent = performance.now()
    const status = await statusOf(`${origin}${path}`, { method, headers, agent })
    counts[kindOf(status)] += 1
    if (kindOf(status) === 'good') times.push(performance.now() - sent)
  }
  for (let i = 0; i < seconds * rate; i++) {
    const next = requests[i % requests.length]
    if (next) waiting.push(ask(next))
    await delay(Math.max(0, begun + ((i + 1) * 1000) / rate - performance.now()))
  }
  await Promise.all(waiting)
  agent.destroy()
  return { ...counts, seconds: (performance.now() - begun) / 1000, ...timesOf(times) }
}

/** The status of the response, once all of it is there; 0 for none. */
function statusOf(url: string, options: Parameters<typeof request>[1]): Promise<number> {
  const { promise, resolve } = Promise.withResolvers<number>()
  const read = (response: IncomingMessage) => {
    response.on('end', () => resolve(response.statusCode ?? 0)).resume()
  }
  request(url, options, read)
    .on('error', () => resolve(0))
    .end()
  return promise
}

function kindOf(status: number): 'good' | 'refused' | 'failed' {
  if (status < 400) return 'good'
  return status === 429 || status === 503 ? 'refused' : 'failed'
}

function followTags(client: Client, { headers = {}, body = '{}' }: Request): void {
  const given: Record<string, unknown> = JSON.parse(body)
  let turns = 0
  let tag: string | undefined
  client.on('headers', ({ headers: fields }: { headers: string[] }) => {
    const at = fields.findIndex((field, i) => i % 2 === 0 && field.toLowerCase() === 'etag')
    tag = at < 0 ? undefined : fields[at + 1]
  })
  client.on('response', () => {
    turns += 1
    client.setHeadersAndBody(
      { ...headers, ...(tag && { 'if-match': tag }) },
      JSON.stringify({ ...given, title: `Renew the passport, step ${turns}` }),
    )
  })
}

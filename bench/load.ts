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
  /** How many requests a second to send in all; without it, each connection sends as soon as it has a response. */
  rate?: number
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
  Promise.all(jobs.map(run)).then(
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
      times.sort((a, b) => a - b)
      const at = (part: number) => times[Math.min(times.length - 1, Math.floor(times.length * part))] ?? 0
      const failed = counts.failed + errors
      resolve({
        ...counts,
        failed,
        seconds: (ended - begun) / 1000,
        p50: at(0.5),
        p99: at(0.99),
        slowest: at(1),
      })
    },
  )
  tracker.on('response', (_client: Client, status: number, _bytes: number, ms: number) => {
    ended = performance.now()
    counts[kindOf(status)] += 1
    if (kindOf(status) === 'good') times.push(ms)
  })
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

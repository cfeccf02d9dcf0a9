/** One line of a metric: what its name ends with, its labels, and the value. */
export interface Sample {
  suffix?: string
  labels?: Readonly<Record<string, string>>
  value: number
}

/** A metric by the conventions of Prometheus; it is read only when somebody asks for the metrics. */
export interface Measure {
  name: string
  help: string
  type: 'counter' | 'gauge' | 'histogram'
  read(): readonly Sample[] | Promise<readonly Sample[]>
}

/** Bounds of a histogram of seconds, dense where the latencies of a healthy server lie. */
export const latencyBounds = [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5] as const

export const gauge = (name: string, help: string, value: () => number): Measure => ({
  name,
  help,
  type: 'gauge',
  read: () => [{ value: value() }],
})

export interface Counter extends Measure {
  /** Adds one; `label` is the value of the counter's label, if it has one. */
  count(label?: string): void
}

/** A counter, which can have one label. */
export function createCounter(name: string, help: string, label?: string): Counter {
  const counts = new Map<string, number>(label === undefined ? [['', 0]] : [])
  return {
    name,
    help,
    type: 'counter',
    count: (of = '') => void counts.set(of, (counts.get(of) ?? 0) + 1),
    read: () =>
      [...counts].map(([of, value]) =>
        label === undefined ? { value } : { labels: { [label]: of }, value },
      ),
  }
}

export interface Histogram extends Measure {
  observe(value: number): void
}

/** A histogram without labels; `bounds` rise. */
export function createHistogram(name: string, help: string, bounds: readonly number[]): Histogram {
  const counts = bounds.map(() => 0)
  let total = 0
  let sum = 0
  return {
    name,
    help,
    type: 'histogram',
    observe(value) {
      const i = bounds.findIndex((bound) => value <= bound)
      if (i >= 0) counts[i] = (counts[i] ?? 0) + 1
      total += 1
      sum += value
    },
    read() {
      let below = 0
      const buckets = bounds.map((bound, i) => {
        below += counts[i] ?? 0
        return { suffix: '_bucket', labels: { le: String(bound) }, value: below }
      })
      return [
        ...buckets,
        { suffix: '_bucket', labels: { le: '+Inf' }, value: total },
        { suffix: '_sum', value: sum },
        { suffix: '_count', value: total },
      ]
    },
  }
}

/** The measures in the text format of Prometheus. One that cannot be read is left out. */
export async function writeMeasures(measures: readonly Measure[]): Promise<string> {
  const parts = await Promise.all(
    measures.map(async ({ name, help, type, read }) => {
      try {
        const lines = (await read()).map(({ suffix = '', labels = {}, value }) => {
          const pairs = Object.entries(labels).map(([label, text]) => `${label}="${text}"`)
          return `${name}${suffix}${pairs.length > 0 ? `{${pairs.join(',')}}` : ''} ${value}\n`
        })
        return `# HELP ${name} ${help}\n# TYPE ${name} ${type}\n${lines.join('')}`
      } catch {
        return ''
      }
    }),
  )
  return parts.join('')
}

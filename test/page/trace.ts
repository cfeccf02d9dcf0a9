import type { Page } from 'playwright-core'

interface TraceEvent {
  ph: string
  name: string
  pid: number
  tid: number
  /** The time that the processor spent on it, in microseconds. */
  tdur?: number
  args?: { name?: string }
}

/**
 * The longest that the page kept its thread busy without a pause, in milliseconds. It counts the processor's time, so
 * that other work on the machine does not.
 */
export async function longestTask(page: Page, work: () => Promise<unknown>): Promise<number> {
  const browser = page.context().browser()
  if (!browser) throw new Error('The page has no browser.')
  await browser.startTracing(page, { categories: ['toplevel'] })
  await work()
  const trace: { traceEvents: TraceEvent[] } = JSON.parse((await browser.stopTracing()).toString())
  const threadOf = ({ pid, tid }: TraceEvent) => `${pid} ${tid}`
  const isMain = ({ name, args }: TraceEvent) => name === 'thread_name' && args?.name === 'CrRendererMain'
  const mains = new Set(trace.traceEvents.filter(isMain).map(threadOf))
  const tasks = trace.traceEvents.filter((one) => one.name.endsWith('RunTask') && mains.has(threadOf(one)))
  if (tasks.length === 0) throw new Error('The trace has no tasks.')
  return Math.max(...tasks.map(({ tdur = 0 }) => tdur / 1000))
}

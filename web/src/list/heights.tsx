import { computed, signal } from '@preact/signals'
import { useLayoutEffect, useRef } from 'preact/hooks'
import { rows, type Row } from '../state/lists.ts'

/** How high the lines of a list are, in pixels: the style sheet decides, and the user's size of text. */
export const heights = signal({ heading: 52, plain: 40, detailed: 40 })

/** Measures one line of each kind, again whenever that changes. */
export function Measures() {
  const probes = useRef<HTMLDivElement>(null)
  useLayoutEffect(() => {
    const all = [...(probes.current?.children ?? [])]
    const measure = () => {
      const [heading = 0, plain = 0, detailed = 0] = all.map((probe) => probe.getBoundingClientRect().height)
      if (plain > 0) heights.value = { heading, plain, detailed }
    }
    const watcher = new ResizeObserver(measure)
    for (const probe of all) watcher.observe(probe)
    measure()
    return () => watcher.disconnect()
  }, [])
  return (
    <div ref={probes} class="measures" aria-hidden="true">
      <div class="row heading" />
      <div class="row task" />
      <div class="row task detailed" />
    </div>
  )
}

/** Whether a task says more than its title. */
export const isDetailed = (row: Row): boolean =>
  row.kind === 'task' &&
  (row.task.dueDate !== null || row.task.labels.length > 0 || row.task.description !== '')

/** Where each line begins, and at the end where the list does. */
export const offsets = computed(() => offsetsOf(rows.value))

function offsetsOf(all: readonly Row[]): Float64Array {
  const { heading, plain, detailed } = heights.value
  const starts = new Float64Array(all.length + 1)
  let y = 0
  all.forEach((row, i) => {
    starts[i] = y
    if (row.kind === 'heading') y += heading
    else y += isDetailed(row) ? detailed : plain
  })
  starts[all.length] = y
  return starts
}

/** The line at a height: the last that begins there or above. */
export function indexAt(starts: Float64Array, y: number): number {
  let [low, high] = [0, Math.max(0, starts.length - 2)]
  while (low < high) {
    const middle = Math.ceil((low + high) / 2)
    if ((starts[middle] ?? 0) <= y) low = middle
    else high = middle - 1
  }
  return low
}

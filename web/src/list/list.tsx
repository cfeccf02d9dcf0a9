import { computed, signal } from '@preact/signals'
import type { VNode } from 'preact'
import { useLayoutEffect, useRef } from 'preact/hooks'
import { place } from '../state/address.ts'
import { cursor } from '../state/cursor.ts'
import { rows } from '../state/lists.ts'
import { dropLine, startDrag } from './drag.ts'
import { Heading } from './heading.tsx'
import { indexAt, offsets } from './heights.tsx'
import { rowProps, TaskRow, type TaskRowProps } from './task-row.tsx'

/** Lines beyond the window that are there already when it scrolls. */
const spare = 8

/** What of the list can be seen: where it begins within the window, and how high that is. */
const view = signal({ top: 0, height: 1000 })

const cursorIndex = computed(() => rows.value.findIndex(({ key }) => key === cursor.value))

/** The lines to make: those that can be seen, and the one that has the keyboard. */
const made = computed((): readonly number[] => {
  const { top, height } = view.value
  const first = Math.max(0, indexAt(offsets.value, top) - spare)
  const last = Math.min(rows.value.length - 1, indexAt(offsets.value, top + height) + spare)
  const seen = Array.from({ length: Math.max(0, last - first + 1) }, (_, i) => first + i)
  const at = cursorIndex.value
  return at < 0 || (at >= first && at <= last) ? seen : [...seen, at].toSorted((a, b) => a - b)
})

/** The first task's number, for those who hear the list: headings do not count. */
const numbers = computed(() => {
  let count = 0
  return rows.value.map(({ kind }) => (kind === 'task' ? (count += 1) : count))
})

/** The list of the present view. Only what can be seen of it is there, so it may be of any length. */
export function List() {
  const list = useRef<HTMLUListElement>(null)
  useLayoutEffect(() => followScroll(list.current), [])

  const all = rows.value
  const starts = offsets.value
  const total = numbers.value.at(-1) ?? 0
  const line = dropLine.value
  const once = useSameRows()
  return (
    <ul
      ref={list}
      // oxlint-disable-next-line jsx-a11y/no-redundant-roles -- Safari forgets that a list without bullets is one.
      role="list"
      class="list"
      style={{ height: `${starts[all.length]}px` }}
      onPointerDown={startDrag}
    >
      {made.value.map((i) => {
        const row = all[i]
        if (!row) return null
        const top = starts[i] ?? 0
        if (row.kind === 'heading') return <Heading key={row.key} row={row} top={top} />
        const { key, task, depth } = row
        return once({ key, task, depth, top, number: numbers.value[i] ?? 0, total })
      })}
      {line && <li class="drop-line" aria-hidden="true" style={{ transform: `translateY(${line.y}px)` }} />}
    </ul>
  )
}

/** Lines that are as they were are not even compared: Preact passes over an element that is the same. */
function useSameRows(): (of: TaskRowProps & { key: string }) => VNode {
  const before = useRef(new Map<string, { of: TaskRowProps; element: VNode }>())
  const next = new Map<string, { of: TaskRowProps; element: VNode }>()
  const kept = before.current
  before.current = next
  return ({ key, ...of }) => {
    const known = kept.get(key)
    const isSame = known && rowProps.every((name) => known.of[name] === of[name])
    const row = isSame ? known : { of, element: <TaskRow key={key} {...of} /> }
    next.set(key, row)
    return row.element
  }
}

function followScroll(list: HTMLUListElement | null): (() => void) | undefined {
  const scroller = list?.closest('main')
  if (!scroller || !list) return undefined
  const look = () => {
    const top = Math.max(0, scroller.getBoundingClientRect().top - list.getBoundingClientRect().top)
    const height = scroller.clientHeight
    if (top !== view.value.top || height !== view.value.height) view.value = { top, height }
  }
  look()
  const watcher = new ResizeObserver(look)
  watcher.observe(scroller)
  scroller.addEventListener('scroll', look, { passive: true })
  return () => {
    watcher.disconnect()
    scroller.removeEventListener('scroll', look)
  }
}

/** Shows the task at the cursor, and gives it the keyboard; the title of the view, or the way in, if there is none. */
export function focusCursor(): void {
  const at = cursorIndex.value
  if (at < 0) return document.querySelector<HTMLElement>('.view-title, .entry input')?.focus()
  reveal(at)
  requestAnimationFrame(() => rowElement(cursor.value)?.focus({ preventScroll: true }))
}

const rowElement = (id: string | undefined) =>
  document.querySelector<HTMLElement>(`[data-id="${CSS.escape(id ?? '')}"] .title`)

/** Scrolls so that a line can be seen, with a bit of what is around it. */
function reveal(index: number): void {
  const list = document.querySelector('.list')
  const scroller = list?.closest('main')
  if (!list || !scroller) return
  const [from = 0, to = 0] = offsets.value.slice(index, index + 2)
  const origin = list.getBoundingClientRect().top - scroller.getBoundingClientRect().top + scroller.scrollTop
  const around = to - from
  const [top, bottom] = [origin + from - around, origin + to + around]
  const bar = document.querySelector('.choice-bar')?.getBoundingClientRect().top ?? Infinity
  const room = Math.min(scroller.clientHeight, bar - scroller.getBoundingClientRect().top)
  if (top < scroller.scrollTop) scroller.scrollTop = index === 0 ? 0 : top
  else if (bottom > scroller.scrollTop + room) scroller.scrollTop = bottom - room
}

/** The place that a list is of, so that another one begins at its top. */
export const listKey = computed(
  () => `${place.value.view}/${place.value.view === 'search' ? '' : place.value.of}`,
)

import { signal } from '@preact/signals'
import { moveBeside, moveToProject } from '../state/actions.ts'
import { chosen } from '../state/cursor.ts'
import { place } from '../state/address.ts'
import { taskById } from '../state/data.ts'
import { rows } from '../state/lists.ts'
import { indexAt, offsets } from './heights.tsx'

/** A mouse drags at once after so many pixels; a finger, which may want to scroll, after a moment. */
const slackPx = 6
const holdMs = 350
/** So close to the edge of the list, dragging scrolls it. */
const edgePx = 48
const scrollPx = 12

/** Where the dragged tasks would be dropped within the list. */
export const dropLine = signal<{ y: number } | undefined>(undefined)

interface Drag {
  ids: readonly string[]
  list: HTMLElement
  scroller: HTMLElement
  ghost: HTMLElement
}

/** Lists that have an order of their own; the others are ordered by when and how urgent. */
const isOrdered = () => place.value.view === 'inbox' || place.value.view === 'project'

/** Begins to drag the task that is pressed: within its list, or to a project at the side. */
export function startDrag(event: PointerEvent & { currentTarget: HTMLElement }): void {
  const { target, currentTarget: list, clientX, clientY, pointerId, pointerType, button } = event
  const row = target instanceof Element ? target.closest<HTMLElement>('.row.task') : null
  const id = row?.dataset['id']
  const scroller = list.closest('main')
  const isPart = target instanceof Element && target.closest('button') !== null
  if (!row || id === undefined || !scroller || button !== 0 || isPart || place.value.view === 'trash') return

  const ending = new AbortController()
  const ended = ending.signal
  const isTouch = pointerType !== 'mouse'
  let drag: Drag | undefined
  const begin = () => {
    const ids = chosen.value.has(id) ? [...chosen.value] : [id]
    drag = { ids, list, scroller, ghost: ghostOf(row, ids.length) }
    document.documentElement.classList.add('dragging')
    follow(drag, clientX, clientY)
  }
  const timer = isTouch ? setTimeout(begin, holdMs) : 0
  const end = () => {
    clearTimeout(timer)
    ending.abort()
    drag?.ghost.remove()
    dropLine.value = undefined
    document.documentElement.classList.remove('dragging')
    for (const one of document.querySelectorAll('.drop-here')) one.classList.remove('drop-here')
  }

  addEventListener(
    'pointermove',
    (move) => {
      if (move.pointerId !== pointerId) return
      const isFar = Math.hypot(move.clientX - clientX, move.clientY - clientY) > slackPx
      if (!drag && isFar && isTouch) return end()
      if (!drag && isFar) begin()
      if (drag) follow(drag, move.clientX, move.clientY)
    },
    { signal: ended },
  )
  addEventListener(
    'pointerup',
    (up) => {
      if (drag) {
        drop(drag, up.clientX, up.clientY)
        // What was dragged was not pressed.
        addEventListener('click', stop, { capture: true, once: true })
        setTimeout(() => removeEventListener('click', stop, { capture: true }))
      }
      end()
    },
    { signal: ended },
  )
  addEventListener('pointercancel', end, { signal: ended })
  addEventListener('touchmove', (touch) => drag && touch.preventDefault(), { signal: ended, passive: false })
  addEventListener('keydown', (key) => key.key === 'Escape' && end(), { signal: ended, capture: true })
}

const stop = (event: Event) => {
  event.preventDefault()
  event.stopPropagation()
}

function ghostOf(row: HTMLElement, count: number): HTMLElement {
  const ghost = document.createElement('div')
  ghost.className = 'ghost'
  ghost.textContent = count === 1 ? (row.querySelector('.title')?.textContent ?? '') : `${count} tasks`
  document.body.append(ghost)
  return ghost
}

function follow({ list, scroller, ghost }: Drag, x: number, y: number): void {
  ghost.style.transform = `translate(${x + 12}px, ${y + 8}px)`
  const side = targetAt(x, y)
  for (const one of document.querySelectorAll('.drop-here')) one.classList.remove('drop-here')
  side?.classList.add('drop-here')
  const index = side || !isOrdered() ? undefined : gapAt(list, y)
  dropLine.value = index === undefined ? undefined : { y: offsets.value[index] ?? 0 }
  const { top, bottom } = scroller.getBoundingClientRect()
  if (y < top + edgePx) scroller.scrollTop -= scrollPx
  if (y > bottom - edgePx) scroller.scrollTop += scrollPx
}

/** A project, or the inbox, at the side. */
const targetAt = (x: number, y: number): HTMLElement | undefined =>
  document
    .elementsFromPoint(x, y)
    .flatMap((one) => one.closest<HTMLElement>('[data-drop]') ?? [])
    .at(0)

/** The number of the gap between two lines that is nearest. */
function gapAt(list: HTMLElement, y: number): number {
  const within = y - list.getBoundingClientRect().top
  const index = indexAt(offsets.value, within)
  const [from = 0, to = 0] = offsets.value.slice(index, index + 2)
  return within > (from + to) / 2 ? index + 1 : index
}

function drop({ ids, list }: Drag, x: number, y: number): void {
  const side = targetAt(x, y)
  if (side) return moveToProject(ids, side.dataset['drop'] || null)
  if (!isOrdered()) return
  const others = (row: (typeof rows.value)[number] | undefined) =>
    row?.kind === 'task' && !isWithin(row.task.id, ids) ? row.task : undefined
  const gap = gapAt(list, y)
  const after = others(rows.value[gap])
  const before = others(rows.value[gap - 1])
  if (after) moveBeside(ids, { parentId: after.parentId, projectId: after.projectId, before: after.id })
  else if (before)
    moveBeside(ids.toReversed(), { parentId: before.parentId, projectId: before.projectId, after: before.id })
}

/** Whether a task is one of these, or below one. */
function isWithin(id: string | null, ids: readonly string[]): boolean {
  if (id === null) return false
  return ids.includes(id) || isWithin(taskById(id)?.parentId ?? null, ids)
}

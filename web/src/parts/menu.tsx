import { useSignal } from '@preact/signals'
import { useLayoutEffect, useRef } from 'preact/hooks'
import { cover, overlay, uncover } from '../state/address.ts'
import type { MenuItem } from '../state/covers.ts'
import { Dialog } from './dialog.tsx'
import { Icon } from './icon.tsx'

const width = 260
const margin = 8

/** Opens a menu beside what was pressed. */
export function openMenu(from: Element, label: string, items: readonly MenuItem[]): void {
  cover({ kind: 'menu', label, anchor: from.getBoundingClientRect(), items })
}

/** A menu. The lines of a line take its place, so that a phone has room for them. */
export function Menu({
  label,
  anchor,
  items,
}: {
  label: string
  anchor: DOMRect
  items: readonly MenuItem[]
}) {
  const path = useSignal<readonly MenuItem[]>([])
  const list = useRef<HTMLDivElement>(null)
  const inner = path.value.at(-1)
  const shown = inner?.items?.() ?? items
  useLayoutEffect(() => list.current?.querySelector<HTMLElement>('[role^=menuitem]')?.focus(), [inner])

  const isLow = anchor.bottom > innerHeight * 0.6
  const style = {
    insetInlineStart: 'auto',
    left: `${Math.max(margin, Math.min(anchor.left, innerWidth - width - margin))}px`,
    ...(isLow
      ? { bottom: `${innerHeight - anchor.top + 4}px`, maxHeight: `${anchor.top - 2 * margin}px` }
      : { top: `${anchor.bottom + 4}px`, maxHeight: `${innerHeight - anchor.bottom - 2 * margin}px` }),
  }
  const back = () => (path.value = path.value.slice(0, -1))

  return (
    <Dialog label={label} kind="menu" style={style}>
      {inner && (
        <button type="button" class="menu-back" onClick={back}>
          <Icon name="back" /> {inner.words}
        </button>
      )}
      <div
        ref={list}
        role="menu"
        tabIndex={-1}
        aria-label={inner?.words ?? label}
        onKeyDown={(event) => move(event, inner ? back : undefined)}
      >
        {shown.map((item, i) => (
          <Line key={i} item={item} enter={() => (path.value = [...path.value, item])} />
        ))}
      </div>
    </Dialog>
  )
}

function Line({ item, enter }: { item: MenuItem; enter: () => void }) {
  const { words, icon, keys, isOn, isOneOf = true, isDanger = false, color, run, items } = item
  const choiceRole = isOneOf ? 'menuitemradio' : 'menuitemcheckbox'
  const choose = () => {
    if (items) return enter()
    const open = overlay.value
    run?.()
    if (overlay.value === open) uncover()
  }
  return (
    <button
      type="button"
      role={isOn === undefined ? 'menuitem' : choiceRole}
      aria-checked={isOn}
      aria-haspopup={items ? 'menu' : undefined}
      class={isDanger ? 'danger' : ''}
      onClick={choose}
    >
      <span class="menu-icon" style={color ? { color } : {}}>
        {icon && <Icon name={icon} />}
      </span>
      <span dir="auto" class="menu-words">
        {words}
      </span>
      {keys && <kbd>{keys}</kbd>}
      {isOn && <Icon name="check" />}
      {items && <span class="menu-more">›</span>}
    </button>
  )
}

/** What was typed just now, for lines that begin with it. */
let typed = { text: '', at: -Infinity }
const pauseMs = 700

/** Arrows, Home, End and first letters move within a menu. */
function move(event: KeyboardEvent & { currentTarget: HTMLElement }, back: (() => void) | undefined): void {
  if (event.key.length !== 1) typed.text = ''
  const all = [...event.currentTarget.querySelectorAll<HTMLElement>('[role^=menuitem]')]
  const at = all.findIndex((one) => one === document.activeElement)
  const to = (index: number) => {
    event.preventDefault()
    all[(index + all.length) % all.length]?.focus()
  }
  if (event.key === 'ArrowDown') return to(at + 1)
  if (event.key === 'ArrowUp') return to(at - 1)
  if (event.key === 'Home') return to(0)
  if (event.key === 'End') return to(-1)
  if (event.key === 'ArrowLeft' && back) return back()
  if (event.key.length !== 1 || event.ctrlKey || event.metaKey) return
  const isMore = event.timeStamp - typed.at < pauseMs
  if (event.key === ' ' && !isMore) return
  event.preventDefault()
  typed = { text: (isMore ? typed.text : '') + event.key.toLowerCase(), at: event.timeStamp }
  // A letter goes on to the next line that begins with it; more of them say which one is meant.
  const from = typed.text.length > 1 ? at : at + 1
  const next = [...all.slice(from), ...all.slice(0, from)]
  next.find((one) => one.textContent?.trim().toLowerCase().startsWith(typed.text))?.focus()
}

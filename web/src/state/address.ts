import { signal } from '@preact/signals'
import type { Cover } from './covers.ts'

/** What the page can show. */
export const views = [
  'inbox',
  'today',
  'upcoming',
  'project',
  'labels',
  'label',
  'search',
  'done',
  'trash',
  'attention',
  'settings',
] as const
export type View = (typeof views)[number]

/** An address of the page. */
export interface Place {
  view: View
  /** The id of the project, the name of the label, or the words that are searched for. */
  of?: string | undefined
  /** The id of the task that is open beside the list. */
  task?: string | undefined
}

/** Where the user is. */
export const place = signal<Place>(read(location.hash))

/** What lies over the page until it is closed, each with an entry of its own in the browser's history. */
export const overlay = signal<Cover | undefined>(undefined)

/** Told before the user leaves a place, so that what was typed is kept. */
const departures = new Set<() => void>()
export function onLeave(commit: () => void): () => void {
  departures.add(commit)
  return () => departures.delete(commit)
}

/** Told after the user came to a view. */
const arrivals = new Map<View, () => void>()
export const onArrive = (view: View, load: () => void): void => void arrivals.set(view, load)

export function hrefOf({ view, of, task }: Place): string {
  const path = of === undefined ? view : `${view}/${encodeURIComponent(of)}`
  return `#/${path}${task === undefined ? '' : `?task=${task}`}`
}

function read(hash: string): Place {
  const [path = '', query] = hash.replace(/^#\/?/, '').split('?')
  const [name, of] = path.split('/')
  const view = views.find((one) => one === name) ?? 'today'
  const task = new URLSearchParams(query).get('task') ?? undefined
  return { view, of: of === undefined ? undefined : decoded(of), task }
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

/** A way back that the browser is still on: it goes back later than it is told to. */
let returning: Promise<void> | undefined

function goBack(): void {
  const { promise, resolve } = Promise.withResolvers<void>()
  returning = promise
  addEventListener('popstate', () => resolve(), { once: true })
  void promise.then(() => (returning = undefined))
  history.back()
}

/** Writes into the browser's history, once that is where it should be. */
function record(how: 'push' | 'replace', state: object | null, href?: string): void {
  const write = () =>
    how === 'push' ? history.pushState(state, '', href) : history.replaceState(state, '', href)
  if (returning) void returning.then(write)
  else write()
}

/** Goes to a place. What lies over the page is closed, and its entry in the history taken over. */
export function go(to: Place, { replace = false } = {}): void {
  const isCovered = overlay.value !== undefined
  const isHere = hrefOf(to) === hrefOf(place.value)
  overlay.value = undefined
  record(replace || isCovered || isHere ? 'replace' : 'push', null, hrefOf(to))
  arrive(to)
}

/** Opens a task beside the list. */
export function openTask(id: string): void {
  const isOpen = place.value.task !== undefined
  const href = hrefOf({ ...place.value, task: id })
  if (overlay.value) record('replace', { isOpened: true }, href)
  else if (isOpen) record('replace', has(history.state, 'isOpened') ? { isOpened: true } : null, href)
  else record('push', { isOpened: true }, href)
  overlay.value = undefined
  arrive({ ...place.value, task: id })
}

/** Closes the task that is open: the same as going back, if it was opened from here. */
export function closeTask(): void {
  if (returning) return void returning.then(closeTask)
  const { task: _, ...rest } = place.value
  if (has(history.state, 'isOpened')) goBack()
  else record('replace', null, hrefOf(rest))
  arrive(rest)
}

/** Shows something over the page. Back closes it. */
export function cover(what: Cover): void {
  record(overlay.value ? 'replace' : 'push', { isCover: true })
  overlay.value = what
}

/** Closes what lies over the page. */
export function uncover(): void {
  if (!overlay.value) return
  overlay.value = undefined
  if (returning) void returning.then(goBack)
  else goBack()
}

function arrive(to: Place): void {
  for (const commit of departures) commit()
  const isOther = to.view !== place.value.view
  place.value = to
  if (isOther) arrivals.get(to.view)?.()
}

const has = (state: unknown, name: string): boolean =>
  typeof state === 'object' && state !== null && name in state

/** Follows the browser's history and the links of the page. */
export function followAddress(): void {
  if (has(history.state, 'isCover')) history.replaceState(null, '')
  addEventListener('popstate', () => {
    if (returning) return
    overlay.value = undefined
    const to = read(location.hash)
    if (hrefOf(to) !== hrefOf(place.value)) arrive(to)
  })
  document.addEventListener('click', (event) => {
    const { target, button, ctrlKey, metaKey, shiftKey, altKey } = event
    const link = target instanceof Element ? target.closest('a[href^="#/"]') : null
    if (!link || event.defaultPrevented || button !== 0 || ctrlKey || metaKey || shiftKey || altKey) return
    event.preventDefault()
    go(read(link.getAttribute('href') ?? ''))
  })
  addEventListener('pagehide', () => {
    for (const commit of departures) commit()
  })
  arrivals.get(place.value.view)?.()
}

import { focusCursor } from '../list/list.tsx'
import * as actions from '../state/actions.ts'
import { cover, go, openTask, overlay, place, type View } from '../state/address.ts'
import { choose, chooseAll, chosen, cursor, step, subjects, toggleChoice } from '../state/cursor.ts'
import { projects } from '../state/data.ts'
import { hasSingleKeys } from '../state/keys.ts'
import { isList } from '../state/lists.ts'
import { redo, undo } from '../state/undo.ts'

/** Something that a key does. */
interface Command {
  /** As `event.key` says it, with `Ctrl+`, `Alt+` or `Shift+` before; `g i` is one after the other. */
  keys: readonly string[]
  words: string
  run: () => void
  /** Whether it is about the tasks of a list: it finds its way among them, or changes some that are not deleted. */
  of?: 'list' | 'tasks'
}

const visit = (key: string, view: View, words: string): Command => ({
  keys: [`g ${key}`],
  words: `Go to ${words}`,
  run: () => {
    go({ view })
    requestAnimationFrame(focusCursor)
  },
})

const walk = (by: number) => () => {
  const id = step(by)
  if (id !== undefined && place.value.task !== undefined) openTask(id)
  focusCursor()
}

/** The open task where the keyboard is in that, which need not be one of the list. */
const opened = () => (document.activeElement?.closest('.panel') ? place.value.task : undefined)

const atCursor = (work: (id: string) => void) => () => {
  const id = opened() ?? cursor.value
  if (id !== undefined) work(id)
}

const of = (work: (ids: readonly string[]) => void) => () => {
  const id = opened()
  const ids = id === undefined ? subjects() : [id]
  if (ids.length > 0) work(ids)
}

/** Goes to the search: from there too, to type something else. */
function search(): void {
  if (place.value.view !== 'search') go({ view: 'search', of: '' })
  document.querySelector<HTMLInputElement>('.search-field')?.select()
}

/** All that the keyboard does: what `?` shows is this very list. */
export const commands: readonly Command[] = [
  { keys: ['q', 'c'], words: 'Add a task', run: () => cover({ kind: 'add' }) },
  { keys: ['/', 'Ctrl+k'], words: 'Search', run: search },
  { keys: ['?'], words: 'Show the keyboard', run: () => cover({ kind: 'help' }) },
  { keys: ['Ctrl+z', 'z'], words: 'Undo', run: undo },
  { keys: ['Ctrl+Shift+z', 'Ctrl+y'], words: 'Redo', run: redo },
  visit('i', 'inbox', 'Inbox'),
  visit('t', 'today', 'Today'),
  visit('u', 'upcoming', 'Upcoming'),
  visit('l', 'labels', 'Labels'),
  visit('d', 'done', 'Done'),
  visit('b', 'trash', 'Trash'),
  visit('s', 'settings', 'Settings'),
  {
    keys: ['g p'],
    words: 'Go to the first project',
    run: () => {
      const [first] = projects.value
      if (first) go({ view: 'project', of: first.id })
    },
  },
  { keys: ['j', 'ArrowDown'], words: 'Next task', run: walk(1), of: 'list' },
  { keys: ['k', 'ArrowUp'], words: 'Task before', run: walk(-1), of: 'list' },
  { keys: ['Home'], words: 'First task', run: walk(-Infinity), of: 'list' },
  { keys: ['End'], words: 'Last task', run: walk(Infinity), of: 'list' },
  { keys: ['Enter', 'o'], words: 'Open', run: atCursor(openTask), of: 'list' },
  { keys: ['e'], words: 'Complete, or not done', run: of(actions.toggle), of: 'tasks' },
  { keys: ['x'], words: 'Select', run: atCursor(toggleChoice), of: 'list' },
  { keys: ['Ctrl+a'], words: 'Select all', run: chooseAll, of: 'list' },
  { keys: ['Escape'], words: 'Select none', run: () => choose([]), of: 'list' },
  { keys: ['t'], words: 'Choose a date', run: of((ids) => cover({ kind: 'due', ids })), of: 'tasks' },
  { keys: ['1'], words: 'High priority', run: of((ids) => actions.setPriority(ids, 'high')), of: 'tasks' },
  {
    keys: ['2'],
    words: 'Medium priority',
    run: of((ids) => actions.setPriority(ids, 'medium')),
    of: 'tasks',
  },
  { keys: ['3'], words: 'Low priority', run: of((ids) => actions.setPriority(ids, 'low')), of: 'tasks' },
  { keys: ['4'], words: 'No priority', run: of((ids) => actions.setPriority(ids, 'none')), of: 'tasks' },
  { keys: ['Alt+ArrowUp'], words: 'Move up', run: atCursor((id) => actions.shift(id, -1)), of: 'tasks' },
  {
    keys: ['Alt+ArrowDown'],
    words: 'Move down',
    run: atCursor((id) => actions.shift(id, 1)),
    of: 'tasks',
  },
  {
    keys: ['Alt+ArrowRight'],
    words: 'Below the task before it',
    run: atCursor(actions.indent),
    of: 'tasks',
  },
  { keys: ['Alt+ArrowLeft'], words: 'Out of its parent', run: atCursor(actions.outdent), of: 'tasks' },
  { keys: ['Delete', 'Backspace'], words: 'Delete', run: of(actions.remove), of: 'tasks' },
]

const chordMs = 1500
let prefix: { key: string; at: number } | undefined

export function followKeyboard(): void {
  document.addEventListener('keydown', (event) => {
    if (event.defaultPrevented || event.isComposing || overlay.value) return
    const command = commandFor(event)
    if (!command) return
    event.preventDefault()
    command.run()
  })
}

function commandFor(event: KeyboardEvent): Command | undefined {
  const { target, key } = event
  const isTyping = target instanceof Element && target.closest('input, textarea, select') !== null
  const keys = nameOf(event)
  if (isTyping && keys !== 'Ctrl+k') return undefined
  if (!hasSingleKeys.value && keys.length === 1) return undefined
  const isChord = prefix !== undefined && event.timeStamp - prefix.at < chordMs
  const asked = isChord ? `${prefix?.key} ${key.toLowerCase()}` : keys
  prefix = keys === 'g' && !isChord ? { key, at: event.timeStamp } : undefined
  const command = commands.find(({ keys: all }) => all.includes(asked))
  if (!command?.of) return command
  if (command.of === 'tasks' && place.value.view === 'trash') return undefined
  return isAboutList(event, keys) ? command : undefined
}

/** Enter, arrows and the like belong to what has the keyboard, unless that is a task of the list or nothing. */
function isAboutList({ target }: KeyboardEvent, keys: string): boolean {
  if (!isList(place.value.view)) return false
  if (keys === 'Escape') return chosen.value.size > 0
  const isFree =
    target === document.body || (target instanceof Element && target.matches('main, .view-title'))
  const inList = target instanceof Element && target.closest('.list') !== null
  const onButton = target instanceof Element && target.closest('button, a:not(.title)') !== null
  if (keys === 'Enter') return isFree
  if (keys.startsWith('Ctrl+') || keys === 'Delete' || keys === 'Backspace' || keys.length > 1)
    return isFree || inList
  return !onButton || inList || keys.length === 1
}

function nameOf({ key, ctrlKey, metaKey, altKey, shiftKey }: KeyboardEvent): string {
  const isLetter = /^[a-z]$/i.test(key)
  const mods = [(ctrlKey || metaKey) && 'Ctrl', altKey && 'Alt', shiftKey && isLetter && 'Shift'].filter(
    Boolean,
  )
  return [...mods, isLetter ? key.toLowerCase() : key].join('+')
}

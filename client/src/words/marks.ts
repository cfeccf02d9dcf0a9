import { hide } from './spans.ts'
import { begin, end } from './vocabulary.ts'

/** How urgent a task is. */
export type Priority = 'high' | 'medium' | 'low' | 'none'

/** A mark: `#project`, `@label`, `!high`. */
export type Mark = { start: number; end: number } & (
  | { kind: 'project' | 'label'; value: string }
  | { kind: 'priority'; value: Priority }
)

const priorities: Record<string, Priority> = { 1: 'high', 2: 'medium', 3: 'low', 4: 'none', med: 'medium' }
const quotes = [`"[^"]*"`, '“[^”]*”', '«[^»]*»', '‘[^’]*’', `'[^']*'(?![\\p{L}\\p{N}])`]

/** What stands in quotation marks is text, whatever it says. */
export const quoted = new RegExp(`${begin}(?:${quotes.join('|')})`, 'gu')

const urgency = new RegExp(`${begin}(?:!(high|medium|med|low|none|[1-4])|p([1-4]))${end}`, 'gi')
const named = /(?<!\S)([#@])(?:"([^"]+)"|([^\s,]+))/g

/** Finds all marks; no two overlap. `projects` are names that may have spaces. */
export function findMarks(text: string, projects: readonly string[]): Mark[] {
  const names = findNames(text, projects)
  return [...names, ...findPriorities(hide(text, names))].toSorted((a, b) => a.start - b.start)
}

function findNames(text: string, projects: readonly string[]): Mark[] {
  const marks: Mark[] = []
  for (const { index, 0: whole, 1: sign, 2: inQuotes, 3: word = '' } of text.matchAll(named)) {
    if (index < (marks.at(-1)?.end ?? 0)) continue
    const kind = sign === '#' ? 'project' : 'label'
    const known = kind === 'project' ? knownAt(text, index + 1, projects) : undefined
    const bare = word.replace(/[.;:!?)]+$/, '')
    const value = known ?? inQuotes ?? bare
    const length = known === undefined && inQuotes === undefined ? bare.length + 1 : undefined
    if (known === undefined && inQuotes === undefined && !isName(kind, bare)) continue
    marks.push({
      kind,
      value,
      start: index,
      end: index + (length ?? (known ? known.length + 1 : whole.length)),
    })
  }
  return marks
}

function findPriorities(text: string): Mark[] {
  return [...text.matchAll(urgency)].flatMap(({ index, 0: whole, 1: level, 2: p }) => {
    const word = (level ?? p ?? '').toLowerCase()
    const value = priorities[word] ?? priorityOf(word)
    return value ? [{ kind: 'priority', start: index, end: index + whole.length, value }] : []
  })
}

function priorityOf(word: string): Priority | undefined {
  return word === 'high' || word === 'medium' || word === 'low' || word === 'none' ? word : undefined
}

/** `#12` is a number and `@5pm` a time. */
const isName = (kind: Mark['kind'], word: string) =>
  kind === 'project' ? !/^[#\d]*$/.test(word) : /^[^@\d]/.test(word)

/** The longest of the names that stands here, whatever its letter case, as it is written here. */
function knownAt(text: string, at: number, names: readonly string[]): string | undefined {
  return names
    .map((name) => ({ name, there: text.slice(at, at + name.length) }))
    .filter(
      ({ name, there }) =>
        there.toLowerCase() === name.toLowerCase() && isEnd.test(text.slice(at + name.length)),
    )
    .toSorted((a, b) => b.there.length - a.there.length)[0]?.there
}

const isEnd = /^(?:$|[\s,.;:!?)])/

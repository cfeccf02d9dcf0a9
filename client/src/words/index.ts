import { findMarks, quoted, type Priority } from './marks.ts'
import { hide, type Span } from './spans.ts'
import { readWhen, type Present, type When } from './when.ts'

export type { DateParser } from './dates.ts'
export type { Priority } from './marks.ts'
export type { Span } from './spans.ts'

/** A piece of the line that was understood, and so is not in the title. */
export interface Part extends Span {
  kind: 'project' | 'label' | 'priority' | 'due' | 'recurrence'
}

/** What a line says. What it does not say is undefined. */
export interface Words extends When {
  /** The words that say nothing else. */
  title: string
  priority: Priority | undefined
  labels: readonly string[]
  /** The name of a project. */
  project: string | undefined
  /** What was understood, in the order of the line; no two overlap. */
  parts: readonly Part[]
}

export interface Reading extends Present {
  /** The names of the projects, so that those with spaces are found too. */
  projects?: readonly string[]
  /** Pieces that are text, whatever they say, such as parts that the user dismissed. */
  plain?: readonly Span[]
}

/**
 * Reads a line such as `Pay rent every 1st #home !high @phone tomorrow 5pm`. It never throws: what it does not
 * understand is the title. Of several dates, times, recurrences, projects or priorities the last counts, and the others stay in the title.
 */
export function readWords(line: string, reading: Reading): Words {
  const { projects = [], plain = [] } = reading
  const inQuotes = [...line.matchAll(quoted)].map(({ index, 0: { length } }) => ({
    start: index,
    end: index + length,
  }))
  const text = hide(line, [...plain, ...inQuotes])
  const marks = findMarks(text, projects)
  const project = marks.findLast((mark) => mark.kind === 'project')
  const priority = marks.findLast((mark) => mark.kind === 'priority')
  const labels = marks.filter((mark) => mark.kind === 'label')
  const taken: Part[] = [...labels, ...(project ? [project] : []), ...(priority ? [priority] : [])]
  const { parts: times, ...when } = readWhen(hide(text, taken), reading)
  const parts = [...taken, ...times]
    .map(({ kind, start, end }) => ({ kind, start, end: end + (isTime(kind) ? signAt(line, end) : 0) }))
    .toSorted((a, b) => a.start - b.start)
  return {
    title: textBetween(line, parts),
    ...when,
    priority: priority?.value,
    labels: withoutTwins(labels.map(({ value }) => value)),
    project: project?.value,
    parts,
  }
}

const isTime = (kind: Part['kind']) => kind === 'due' || kind === 'recurrence'

/** How long the punctuation is that belongs to a date which ends here: a comma, or the end of the sentence. */
const signAt = (line: string, at: number): number => (/^(?:,|[.!]\s*$)/.test(line.slice(at, at + 9)) ? 1 : 0)

function textBetween(line: string, parts: readonly Span[]): string {
  const starts = [0, ...parts.map(({ end }) => end)]
  const ends = [...parts.map(({ start }) => start), line.length]
  const pieces = starts.map((start, i) => line.slice(start, ends[i]).trim())
  return pieces.filter((piece) => piece !== '').join(' ')
}

/** The server takes no label twice, whatever its letter case. */
const withoutTwins = (labels: readonly string[]): readonly string[] => [
  ...new Map(labels.map((label) => [label.normalize('NFC').toLowerCase(), label])).values(),
]

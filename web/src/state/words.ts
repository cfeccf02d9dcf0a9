import { signal } from '@preact/signals'
import type { Part, Words } from '../../../client/src/words/index.ts'
import type { ReadLine } from './reading.ts'
import { projects } from './data.ts'
import { timeZone } from './today.ts'

/** What reads lines of words. It comes after the first paint, since it is as large as all the rest. */
const reader = signal<ReadLine | undefined>(undefined)

export async function loadReader(): Promise<void> {
  reader.value ??= (await import('./reading.ts')).readLine
}

/** Does something that reads a line: at once, or as soon as the reader is there, so that no line is taken for a title. */
export function onceReadable(work: () => void): void {
  if (reader.value) work()
  else void loadReader().then(work, work)
}

/** Reads a line. `plain` are words that the user wants to be text after all. */
export function readLine(line: string, plain: Iterable<string> = []): Words {
  const spans = [...plain].flatMap((words) => {
    const start = line.indexOf(words)
    return start < 0 ? [] : [{ start, end: start + words.length }]
  })
  const names = projects.value.map(({ name }) => name)
  return (
    reader.value?.(line, { now: Date.now(), timeZone: timeZone.value, projects: names, plain: spans }) ??
    unread(line)
  )
}

/** Until the reader is there, a line is a title. */
const unread = (line: string): Words => ({
  title: line.trim(),
  dueDate: undefined,
  recurrence: undefined,
  priority: undefined,
  labels: [],
  project: undefined,
  parts: [],
})

const longestTitle = 200

/** A title that is too long goes on in the description, so that nothing of it is lost. */
export function titled(text: string): { title: string; description?: string } {
  if (text.length <= longestTitle) return { title: text }
  return {
    title: `${text
      .slice(0, longestTitle - 1)
      .toWellFormed()
      .replace(/\uFFFD$/, '')}…`,
    description: text,
  }
}

export const textOf = (line: string, { start, end }: Part): string => line.slice(start, end)

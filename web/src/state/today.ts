import { computed, signal } from '@preact/signals'
import type { Task } from '../../../client/src/index.ts'
import { wallAt, type Day } from '../../../client/src/words/days.ts'
import { profile } from './data.ts'

const dayMs = 86_400_000
const lengthOfDate = '2026-12-01'.length

export const timeZone = computed(
  () => profile.value?.timeZone ?? Intl.DateTimeFormat().resolvedOptions().timeZone,
)

const now = signal(Date.now())
/** Today where the user lives. */
export const today = computed((): Day => wallAt(now.value, timeZone.value).day)

/** When a task is due. */
export interface Due {
  day: Day
  /** Milliseconds since 1970; undefined if it is due all day. */
  instant: number | undefined
}

const dues = new WeakMap<Task, Due & { zone: string }>()

export function dueOf(task: Task): Due | undefined {
  const { dueDate } = task
  if (dueDate === null) return undefined
  const zone = timeZone.value
  const known = dues.get(task)
  if (known?.zone === zone) return known
  const due = { ...dueIn(dueDate), zone }
  dues.set(task, due)
  return due
}

/** The due date that a text says: a day, or an instant. */
export function dueIn(text: string): Due {
  const at = Date.parse(text)
  if (text.length === lengthOfDate) return { day: Math.round(at / dayMs), instant: undefined }
  return { day: wallAt(at, timeZone.value).day, instant: at }
}

/** Whether the due date is past: a day once it is over, an instant at once. */
export function isOverdue({ day, instant }: Due): boolean {
  return instant === undefined ? day < today.value : instant < now.value
}

/** Moves the clock on: each minute, and when the page is seen again. */
export function followTime(): void {
  const tick = () => (now.value = Date.now())
  setInterval(tick, 60_000)
  document.addEventListener('visibilitychange', tick)
}

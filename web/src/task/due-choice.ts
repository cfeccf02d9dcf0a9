import type { TaskPatch } from '../../../client/src/index.ts'
import { formatDay, formatInstant, instantOf, wallAt } from '../../../client/src/words/days.ts'
import { dueIn, timeZone } from '../state/today.ts'

const hourMinutes = 60

/** What is being chosen, in the forms that the fields of a form have. */
export interface Choice {
  date: string
  time: string
  rule: string
  from: 'due' | 'completion'
}

export const nothing: Choice = { date: '', time: '', rule: '', from: 'due' }

export type When = Pick<TaskPatch, 'dueDate' | 'recurrence'>

/** When the tasks are due, if they all are then. */
export function commonOf([first, ...others]: readonly When[]): Choice {
  const choice = choiceOf(first)
  return others.every((one) => isSame(choiceOf(one), choice)) ? choice : nothing
}

const isSame = (a: Choice, b: Choice, names: readonly (keyof Choice)[] = ['date', 'time', 'rule', 'from']) =>
  names.every((name) => a[name] === b[name])

/** Only what was chosen: tasks that are due at different times keep what they have otherwise. */
export function changesOf(before: Choice, after: Choice): TaskPatch {
  if (after === before) return {}
  const { dueDate = null, recurrence = null } = fieldsOf(after)
  if (dueDate === null) return { dueDate, recurrence }
  return {
    ...(!isSame(before, after, ['date', 'time']) && { dueDate }),
    ...(!isSame(before, after, ['rule', 'from']) && { recurrence }),
  }
}

export function choiceOf(when: When | undefined): Choice {
  const repeats = { rule: when?.recurrence?.rule ?? '', from: when?.recurrence?.from ?? 'due' }
  if (!when?.dueDate) return { ...nothing, ...repeats }
  const { day, instant } = dueIn(when.dueDate)
  const time = instant === undefined ? '' : timeText(wallAt(instant, timeZone.value).time)
  return { date: formatDay(day), time, ...repeats }
}

const two = (count: number) => String(count).padStart(2, '0')
const timeText = (time: number) => `${two(Math.floor(time / hourMinutes))}:${two(time % hourMinutes)}`

export function fieldsOf({ date, time, rule, from }: Choice): TaskPatch {
  if (date === '') return { dueDate: null, recurrence: null }
  const [hours = 0, minutes = 0] = time.split(':').map(Number)
  const zone = timeZone.value
  const dueDate =
    time === '' ? date : formatInstant(instantOf(dueIn(date).day, hours * hourMinutes + minutes, zone), zone)
  const text = rule.trim().replace(/^RRULE:/i, '')
  return { dueDate, recurrence: text === '' ? null : { rule: text, from } }
}

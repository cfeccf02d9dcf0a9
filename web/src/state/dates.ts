import { computed } from '@preact/signals'
import { partsOf, type Day } from '../../../client/src/words/days.ts'
import { timeZone, today, type Due } from './today.ts'

const dayMs = 86_400_000
/** Within so many days a day of the week says enough. */
const nearDays = 7

const format = (options: Intl.DateTimeFormatOptions, zone = 'UTC') =>
  new Intl.DateTimeFormat(undefined, { timeZone: zone, ...options })

const weekday = format({ weekday: 'long' })
const dayOfYear = format({ day: 'numeric', month: 'short' })
const dayAndYear = format({ day: 'numeric', month: 'short', year: 'numeric' })
const full = format({ weekday: 'long', day: 'numeric', month: 'long', year: 'numeric' })
const relative = new Intl.RelativeTimeFormat('en', { numeric: 'auto' })
const timeOfDay = computed(() => format({ hour: 'numeric', minute: '2-digit' }, timeZone.value))
const moment = computed(() => format({ dateStyle: 'medium', timeStyle: 'short' }, timeZone.value))

const capital = (text: string) => text.charAt(0).toUpperCase() + text.slice(1)

/** A day in few words: `Today`, `Tuesday`, `12 Dec`. */
export function dayWords(day: Day): string {
  const away = day - today.value
  if (Math.abs(away) <= 1) return capital(relative.format(away, 'day'))
  if (away > 0 && away < nearDays) return weekday.format(day * dayMs)
  return dateWords(day)
}

function dateWords(day: Day): string {
  const isThisYear = new Date(day * dayMs).getUTCFullYear() === new Date(today.value * dayMs).getUTCFullYear()
  return (isThisYear ? dayOfYear : dayAndYear).format(day * dayMs)
}

/** When something is due, in few words: `Tomorrow 17:00`. */
export const dueWords = (due: Due): string => `${dayWords(due.day)} ${timeWords(due)}`.trim()

/** The time of day, if there is one. */
export const timeWords = ({ instant }: Due): string =>
  instant === undefined ? '' : timeOfDay.value.format(instant)

/** The heading of a day: `Tomorrow · 28 Nov`. */
export function dayTitle(day: Day): string {
  const [near, date] = [dayWords(day), dateWords(day)]
  return near === date ? `${weekday.format(day * dayMs)} · ${date}` : `${near} · ${date}`
}

const week = 7
const locale = new Intl.Locale(navigator.language)
/** When weeks begin and what their end is, where the browser is; days count from 1, Monday. */
const { firstDay, weekend } =
  'getWeekInfo' in locale ? locale.getWeekInfo() : { firstDay: 1, weekend: [6, 7] }

/** The next such day, or today if it is one. */
const nextDay = (from: Day, wanted: number): Day =>
  from + ((wanted - 1 - partsOf(from).weekday + week) % week)

/** The days that are chosen most. */
export const soon = computed((): readonly { words: string; day: Day }[] => [
  { words: 'Today', day: today.value },
  { words: 'Tomorrow', day: today.value + 1 },
  { words: 'Weekend', day: nextDay(today.value, weekend[0] ?? week - 1) },
  { words: 'Next week', day: nextDay(today.value + 1, firstDay) },
])

/** A day with all of its names, for those who do not see the calendar around it. */
export const fullDay = (day: Day): string => full.format(day * dayMs)

/** An instant that the server told. */
export const momentWords = (at: string): string => moment.value.format(Date.parse(at))

import { computed } from '@preact/signals'
import type { Day } from '../../../client/src/words/days.ts'
import { timeZone, today, type Due } from './today.ts'

const dayMs = 86_400_000
/** Within so many days a day of the week says enough. */
const nearDays = 7

/** Characters that keep a text of another direction together among English words. */
const [isolate, end] = ['\u2068', '\u2069']
const isRightToLeft = /[\p{Script=Hebrew}\p{Script=Arabic}\p{Script=Thaana}\p{Script=Syriac}]/u

/** A date as the browser's user writes it. */
function format(options: Intl.DateTimeFormatOptions, zone = 'UTC'): (instant: number) => string {
  const written = new Intl.DateTimeFormat(undefined, { timeZone: zone, ...options })
  return (instant) => {
    const text = written.format(instant)
    return isRightToLeft.test(text) ? isolate + text + end : text
  }
}

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
  if (away > 0 && away < nearDays) return weekday(day * dayMs)
  return dateWords(day)
}

function dateWords(day: Day): string {
  const isThisYear = new Date(day * dayMs).getUTCFullYear() === new Date(today.value * dayMs).getUTCFullYear()
  return (isThisYear ? dayOfYear : dayAndYear)(day * dayMs)
}

/** When something is due, in few words: `Tomorrow 17:00`. */
export const dueWords = (due: Due): string => `${dayWords(due.day)} ${timeWords(due)}`.trim()

/** The time of day, if there is one. */
export const timeWords = ({ instant }: Due): string => (instant === undefined ? '' : timeOfDay.value(instant))

/** The heading of a day: `Tomorrow · 28 Nov`. */
export function dayTitle(day: Day): string {
  const [near, date] = [dayWords(day), dateWords(day)]
  return near === date ? `${weekday(day * dayMs)} · ${date}` : `${near} · ${date}`
}

/** A day with all of its names, for those who do not see the calendar around it. */
export const fullDay = (day: Day): string => full(day * dayMs)

/** An instant that the server told. */
export const momentWords = (at: string): string => moment.value(Date.parse(at))

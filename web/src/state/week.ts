import { computed } from '@preact/signals'
import { partsOf, type Day } from '../../../client/src/words/days.ts'
import { today } from './today.ts'

const week = 7
const locale = new Intl.Locale(navigator.language)
/** When weeks begin and what their end is, where the browser is; days count from 1, Monday. */
const { firstDay, weekend } =
  'getWeekInfo' in locale ? locale.getWeekInfo() : { firstDay: 1, weekend: [6, 7] }

/** The next such day, or the first one if it is that. */
const nextDay = (from: Day, wanted: number): Day =>
  from + ((wanted - 1 - partsOf(from).weekday + week) % week)

/** The days that are chosen most. */
export const soon = computed((): readonly { words: string; day: Day }[] => [
  { words: 'Today', day: today.value },
  { words: 'Tomorrow', day: today.value + 1 },
  { words: 'Weekend', day: nextDay(today.value, weekend[0] ?? week - 1) },
  { words: 'Next week', day: nextDay(today.value + 1, firstDay) },
])

// How a task recurs, in words. Rules that words can not say well are shown as they are.

const units: Record<string, string> = { DAILY: 'day', WEEKLY: 'week', MONTHLY: 'month', YEARLY: 'year' }
const days: Record<string, string> = {
  MO: 'Monday',
  TU: 'Tuesday',
  WE: 'Wednesday',
  TH: 'Thursday',
  FR: 'Friday',
  SA: 'Saturday',
  SU: 'Sunday',
}
const months = 'January February March April May June July August September October November December'.split(
  ' ',
)
const known = new Set([
  'FREQ',
  'INTERVAL',
  'BYDAY',
  'BYMONTHDAY',
  'BYMONTH',
  'SKIP',
  'COUNT',
  'UNTIL',
  'WKST',
])

/** Such as `Every 2 weeks on Monday`. */
export function recurrenceWords({ rule, from }: { rule: string; from: 'due' | 'completion' }): string {
  return sentence(rule) + (from === 'completion' ? ', after it was done' : '')
}

function sentence(rule: string): string {
  const parts = new Map(
    rule
      .split(';')
      .map((part) => part.split('=', 2))
      .map(([name = '', value = '']) => [name, value]),
  )
  const unit = units[parts.get('FREQ') ?? '']
  if (!unit || [...parts.keys()].some((name) => !known.has(name))) return rule
  const interval = Number(parts.get('INTERVAL') ?? 1)
  const words = [interval === 1 ? `Every ${unit}` : `Every ${interval} ${unit}s`]
  const on = onWords(parts)
  if (on) words.push(`on ${on}`)
  const inMonths = parts
    .get('BYMONTH')
    ?.split(',')
    .map((month) => months[Number(month) - 1] ?? month)
  if (inMonths) words.push(`in ${listed(inMonths)}`)
  const [count, until] = [parts.get('COUNT'), parts.get('UNTIL')]
  if (count) words.push(`${count} times`)
  if (until) words.push(`until ${until.replace(/^(\d{4})(\d\d)(\d\d).*/, '$1-$2-$3')}`)
  return words.join(' ')
}

function onWords(parts: ReadonlyMap<string, string>): string {
  const weekdays = parts.get('BYDAY')
  if (weekdays === 'MO,TU,WE,TH,FR') return 'weekdays'
  if (weekdays !== undefined) return listed(weekdays.split(',').map(dayWords))
  const dates = parts
    .get('BYMONTHDAY')
    ?.split(',')
    .map((date) => (date === '-1' ? 'the last day' : `the ${ordinal(Number(date))}`))
  return dates ? listed(dates) : ''
}

function dayWords(text: string): string {
  const [, nth = '', name = ''] = /^([+-]?\d+)?(\w\w)$/.exec(text) ?? []
  const day = days[name] ?? text
  if (nth === '') return day
  return nth === '-1' ? `the last ${day}` : `the ${ordinal(Number(nth))} ${day}`
}

const endings: Record<string, string> = { one: 'st', two: 'nd', few: 'rd', other: 'th' }
const plurals = new Intl.PluralRules('en', { type: 'ordinal' })
const ordinal = (count: number): string => `${count}${endings[plurals.select(count)]}`
const listed = (words: readonly string[]): string => new Intl.ListFormat('en').format(words)

// The parts of dates as regular expressions that most languages can read: no `\d`, which is more than 0 to 9 in some.

const twoDigits = '[0-9]{2}'
const century = '[2-9][0-9]'
const ofFour = '0[48]|[2468][048]|[13579][26]'
const leapYear = `(?:19(?:7[26]|8[048]|9[26])|${century}(?:${ofFour})|(?:[2468][048]|[3579][26])00)`
const year = `(?:19[7-9][0-9]|${century}${twoDigits})`
const upTo28 = '(?:0[1-9]|1[0-2])-(?:0[1-9]|1[0-9]|2[0-8])'
const from29 = '(?:0[13-9]|1[0-2])-(?:29|30)|(?:0[13578]|1[02])-31'
const hourAndMinute = '(?:[01][0-9]|2[0-3]):[0-5][0-9]'

/** Every day of the calendar in the years 1970 to 9999. */
export const calendarDay = `(?:${year}-(?:${upTo28}|${from29})|${leapYear}-02-29)`

/** What follows the day in an instant, as RFC 3339 §5.6 has it without leap seconds. */
export const timeAndOffset = `[Tt]${hourAndMinute}:[0-5][0-9](?:\\.[0-9]{1,9})?(?:[Zz]|[+-]${hourAndMinute})`

/** The form of a time zone's name. */
export const zoneName = '^[A-Za-z][A-Za-z0-9_+/-]{0,63}$'

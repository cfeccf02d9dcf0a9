/** The words of the grammar, as sources of regular expressions. */

const abbreviations = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun']
const monthNames = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec']
const numberWords = ['one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine', 'ten']
const ordinalWords = ['first', 'second', 'third', 'fourth', 'fifth']

export const fullWeekday = '(?:mon|tues|wednes|thurs|fri|satur|sun)days?'
export const weekday = `(?:${fullWeekday}|mon|tues?|wed|thu(?:rs?)?|fri|sat|sun)`
export const month =
  '(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)'
export const count = `(?:\\d{1,3}|an?|${numberWords.join('|')})`
export const ordinal = `(?:\\d{1,2}(?:st|nd|rd|th)|${ordinalWords.join('|')}|last)`
/** A day of the month, with or without an ending. */
export const date = '\\d{1,2}(?:st|nd|rd|th)?'

/** What comes before and after a word. */
export const begin = '(?<![^\\s(])'
export const end = '(?=$|[\\s)]|[,.;:!?](?:[\\s)]|$))'

/** 0 for Monday. */
export const weekdayOf = (word: string): number => abbreviations.indexOf(word.slice(0, 3).toLowerCase())
/** 1 for January. */
export const monthOf = (word: string): number => monthNames.indexOf(word.slice(0, 3).toLowerCase()) + 1

export function countOf(word: string): number {
  const text = word.toLowerCase()
  if (/^an?$/.test(text)) return 1
  return numberWords.indexOf(text) + 1 || Number(text)
}

/** -1 for the last. */
export function ordinalOf(word: string): number {
  const text = word.toLowerCase()
  if (text === 'last') return -1
  return ordinalWords.indexOf(text) + 1 || Number.parseInt(text, 10)
}

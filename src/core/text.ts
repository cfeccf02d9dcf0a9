/** Two names are the same where these are. */
export const nameKey = (name: string): string => name.normalize('NFC').toLowerCase()

const ascii = /^[\0-\x7f]*$/
const marks = /\p{M}+/gu

/**
 * Text as a search compares it: NFKD, without combining marks, in lower case. The two forms of the Greek sigma count as
 * one: which of them lower case gives depends on the end of a word, and a search looks within words.
 */
export const fold = (text: string): string =>
  ascii.test(text)
    ? text.toLowerCase()
    : text.normalize('NFKD').replace(marks, '').toLowerCase().replaceAll('ς', 'σ')

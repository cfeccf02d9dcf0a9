/** One @ with something on both sides, and neither space nor control characters. */
export const emailPattern = String.raw`^[^\x00-\x20\x7f-\xa0@]+@[^\x00-\x20\x7f-\xa0@]+$`
const pattern = new RegExp(emailPattern)

/** The most characters that an address has (RFC 5321 §4.5.3.1.3). */
export const longestEmail = 254

export const isEmail = (text: string): boolean =>
  text.isWellFormed() && pattern.test(text) && !/\s/.test(text)

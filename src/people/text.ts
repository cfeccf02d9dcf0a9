/**
 * Control characters move the cursor and change colours, and the marks of bidirectional text reorder a line. Nothing
 * that a server sends may do that.
 */
const unsafe = /[\p{Cc}\u061C\u200E\u200F\u2028-\u202E\u2066-\u2069\uFEFF]/gu

/** The text on one line, with a sign in place of each character that a terminal would obey. */
export const clean = (text: string): string => text.toWellFormed().replace(unsafe, '\uFFFD')

/** The same for JSON, which leaves these as they are; they stand only in its strings, where an escape means the same. */
const unescaped = /[\x7F-\x9F\u061C\u200E\u200F\u2028-\u202E\u2066-\u2069\uFEFF]/g

/** JSON that a terminal shows as it stands. */
export const jsonOf = (value: unknown, space?: number): string =>
  JSON.stringify(value, null, space).replace(
    unescaped,
    (one) => `\\u${one.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )

const plain = /^[\x20-\x7E]*$/
const zero = /^[\p{Mn}\p{Me}\p{Cf}]+$/u
const emoji = /\p{Emoji_Presentation}|\uFE0F/u
/** Where East Asian characters of double width are (UAX #11). */
const wide =
  /^[\u1100-\u115F\u2E80-\u303E\u3041-\u4DBF\u4E00-\uA4CF\uA960-\uA97F\uAC00-\uD7A3\uF900-\uFAFF\uFE10-\uFE19\uFE30-\uFE6F\uFF01-\uFF60\uFFE0-\uFFE6\u{1B000}-\u{1B2FF}\u{1F200}-\u{1F2FF}\u{20000}-\u{3FFFD}]/u

/**
 * What the user sees as one character: a flag, or a character with its marks and all that it is joined with.
 * Intl.Segmenter would do, but its first use takes 40 ms.
 */
const character = /\p{RI}{2}|[^](?:[\p{M}\p{Cf}\p{Emoji_Modifier}]|(?<=\u200D)[^])*/gu
const charactersOf = (text: string): readonly string[] => text.match(character) ?? []

function widthOfCharacter(one: string): number {
  if (zero.test(one)) return 0
  return wide.test(one) || emoji.test(one) ? 2 : 1
}

/** How many columns of a terminal a text takes. */
export const widthOf = (text: string): number =>
  plain.test(text) ? text.length : charactersOf(text).reduce((width, one) => width + widthOfCharacter(one), 0)

/** Cuts a text to this width. */
export function fit(text: string, width: number): string {
  if (widthOf(text) <= width) return text
  let kept = ''
  let left = width - 1
  for (const one of charactersOf(text)) {
    left -= widthOfCharacter(one)
    if (left < 0) break
    kept += one
  }
  return width < 1 ? '' : `${kept}…`
}

/** Fills a text up to this width. */
export const pad = (text: string, width: number): string =>
  text + ' '.repeat(Math.max(0, width - widthOf(text)))

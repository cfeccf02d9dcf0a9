const digits = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'
const base = digits.length

/**
 * A position between two others, or beyond one of them: a key of the fractional-indexing library. Chance has a part in
 * it, so that two replicas which put something at one place seldom choose the same.
 */
export function positionBetween(
  from: string | undefined,
  to: string | undefined,
  random: () => number,
): string {
  const digit = () => digits.charAt(1 + Math.floor(random() * (base - 1)))
  if (from === undefined && to === undefined) return `a0${digit()}`
  if (from === undefined) return before(to ?? '', digit, random)
  const [whole, part] = split(from)
  const next = stepped(whole, 1)
  if (to === undefined) return next === undefined ? whole + middle(part, undefined, random) : next + digit()
  const [wholeTo, partTo] = split(to)
  if (whole === wholeTo) return whole + middle(part, partTo, random)
  return next !== undefined && next < wholeTo ? next + digit() : whole + middle(part, undefined, random)
}

function before(to: string, digit: () => string, random: () => number): string {
  const [whole, part] = split(to)
  const previous = stepped(whole, -1)
  return previous === undefined ? whole + middle('', part, random) : previous + digit()
}

/** Its first letter says how many digits the whole part of a position has. */
function split(position: string): [whole: string, part: string] {
  const head = position.charCodeAt(0)
  const length = head >= 97 ? head - 95 : 92 - head
  return [position.slice(0, length), position.slice(length)]
}

/** The whole part after this one, or before it; undefined where there is none. */
function stepped(whole: string, step: 1 | -1): string | undefined {
  const [passed, start] = step === 1 ? ['z', '0'] : ['0', 'z']
  const rest = whole.slice(1)
  const tail = rest.length - rest.replace(new RegExp(`${passed}+$`), '').length
  const kept = rest.slice(0, rest.length - tail)
  if (kept !== '') {
    const digit = digits.indexOf(kept.slice(-1)) + step
    return whole.charAt(0) + kept.slice(0, -1) + digits.charAt(digit) + start.repeat(tail)
  }
  const head = digits.indexOf(whole.charAt(0)) + step
  if (head < 10 || head >= base) return undefined
  const letter = digits.charAt(head)
  return letter + start.repeat(split(letter.padEnd(30, '0'))[0].length - 1)
}

/** Digits between two rows of digits, none of which ends with 0. */
function middle(from: string, to: string | undefined, random: () => number): string {
  const low = from === '' ? 0 : digits.indexOf(from.charAt(0))
  const high = to === undefined ? base : digits.indexOf(to.charAt(0))
  if (high - low > 1) return digits.charAt(low + 1 + Math.floor(random() * (high - low - 1)))
  const rest = high === low ? to?.slice(1) : undefined
  return digits.charAt(low) + middle(from.slice(1), rest, random)
}

/** A piece of the line: from `start` to before `end`. */
export interface Span {
  start: number
  end: number
}

/** Stands in for what no pattern shall see. */
const hidden = '\uFFFF'

/** Hides pieces of a text. What is left stays where it was. */
export const hide = (text: string, spans: readonly Span[]): string =>
  spans.reduce(
    (rest, { start, end }) => rest.slice(0, start) + hidden.repeat(end - start) + rest.slice(end),
    text,
  )

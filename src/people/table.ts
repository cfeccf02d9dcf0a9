import { fit, pad, widthOf } from './text.ts'
import type { Terminal } from './terminal.ts'

const codes = {
  bold: [1, 22],
  dim: [2, 22],
  red: [31, 39],
  green: [32, 39],
  yellow: [33, 39],
  cyan: [36, 39],
}

export type Style = keyof typeof codes

export interface Cell {
  text: string
  style?: Style | undefined
}

/** How wide the output is, and whether it takes colours. */
export interface Screen {
  width: number
  hasColors: boolean
}

const standardWidth = 80

/** A pipe or file has any width and no colours; `NO_COLOR` is of no-color.org. */
export function screenOf({ output, env }: Terminal): Screen {
  const isTerminal = output.isTTY === true
  return {
    // A terminal of unknown size says 0.
    width: isTerminal ? output.columns || standardWidth : Number.POSITIVE_INFINITY,
    hasColors: isTerminal && !env['NO_COLOR'] && env['TERM'] !== 'dumb',
  }
}

export function paint({ text, style }: Cell, { hasColors }: Screen): string {
  if (!hasColors || style === undefined || text === '') return text
  const [on, off] = codes[style]
  return `\u001B[${on}m${text}\u001B[${off}m`
}

const gap = 2
/** Below this width of the main column, others give way. */
const leastMain = 16

/** Lines up rows of cleaned text; `main` is the column that is cut first, the others go from the right. */
export function table(rows: readonly (readonly Cell[])[], main: number, screen: Screen): string {
  const widths = (rows[0] ?? []).map((_cell, i) =>
    Math.max(...rows.map((row) => widthOf(row[i]?.text ?? ''))),
  )
  const shown = new Set(widths.keys().filter((i) => (widths[i] ?? 0) > 0 || i === main))
  const rest = () =>
    screen.width - [...shown].reduce((sum, i) => sum + (i === main ? 0 : (widths[i] ?? 0) + gap), 0)
  for (const i of [...shown].toReversed()) {
    if (rest() >= Math.min(leastMain, widths[main] ?? 0)) break
    if (i > main) shown.delete(i)
  }
  widths[main] = Math.max(1, Math.min(widths[main] ?? 0, rest()))
  return rows.map((row) => `${lineOf(row, [...shown], widths, screen)}\n`).join('')
}

function lineOf(row: readonly Cell[], shown: number[], widths: number[], screen: Screen): string {
  const cells = shown.map((i, place) => {
    const { text = '', style } = row[i] ?? {}
    const width = widths[i] ?? 0
    const cut = fit(text, width)
    const isLast = place === shown.length - 1
    return paint({ text: cut, style }, screen) + (isLast ? '' : pad('', width - widthOf(cut)))
  })
  return cells.join(' '.repeat(gap)).trimEnd()
}

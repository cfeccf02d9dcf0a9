/** A table of text; its first row is the head. */
export type Table = string[][]
export type Medium = 'terminal' | 'markdown'

/** A title, sentences and a table, as paragraphs. */
export const section = (title: string, medium: Medium, table: Table, ...sentences: string[]): string[] => [
  medium === 'markdown' ? `### ${title}` : title,
  ...sentences,
  ...(table.length === 0 ? [] : [medium === 'markdown' ? markdown(table) : columns(table)]),
]

/** Formats a number with commas between thousands, or with one decimal below 100. */
export const count = (value: number): string =>
  value < 100 ? value.toFixed(1) : Math.round(value).toLocaleString('en')

const markdown = ([head = [], ...rows]: Table): string =>
  [head, head.map((_, i) => (i === 0 ? '---' : '--:')), ...rows]
    .map((row) => `| ${row.join(' | ')} |`)
    .join('\n')

function columns(table: Table): string {
  const widths = (table[0] ?? []).map((_, i) => Math.max(...table.map((row) => row[i]?.length ?? 0)))
  const line = (row: string[]) =>
    row.map((cell, i) => (i === 0 ? cell.padEnd(widths[i] ?? 0) : cell.padStart(widths[i] ?? 0))).join('  ')
  return table.map(line).join('\n')
}

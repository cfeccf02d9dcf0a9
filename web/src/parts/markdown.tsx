import type { ComponentChildren } from 'preact'

// Markdown as far as notes need it. It makes elements, and never text that is read as HTML.

const fence = /^ {0,3}(```|~~~)/
const heading = /^ {0,3}(#{1,6})\s+(.+?)\s*#*$/
const rule = /^ {0,3}(?:(?:-\s*){3,}|(?:\*\s*){3,}|(?:_\s*){3,})$/
const quote = /^ {0,3}> ?(.*)$/
const bullet = /^( *)(?:[-*+]|(\d{1,9})[.)])\s+(.*)$/
const box = /^\[([ xX])\]\s+(.*)$/

/** Quotes and lists deeper than this are shown as they are written. */
const deepest = 8

export const Markdown = ({ text }: { text: string }) => <>{blocks(text.split(/\r\n|\r|\n/), 0)}</>

function blocks(lines: readonly string[], depth: number): ComponentChildren[] {
  if (depth > deepest) return [<p key="deep">{lines.join('\n')}</p>]
  const made: ComponentChildren[] = []
  for (let at = 0; at < lines.length;) {
    const { size, element } = blockAt(lines, at, depth)
    if (element) made.push(element)
    at += size
  }
  return made
}

function blockAt(
  lines: readonly string[],
  at: number,
  depth: number,
): { size: number; element?: ComponentChildren } {
  const line = lines[at] ?? ''
  if (line.trim() === '') return { size: 1 }
  const [, mark] = fence.exec(line) ?? []
  if (mark !== undefined) {
    const end = lines.findIndex((one, i) => i > at && one.trimStart().startsWith(mark))
    const inside = lines.slice(at + 1, end < 0 ? undefined : end)
    return { size: inside.length + 2, element: <pre>{inside.join('\n')}</pre> }
  }
  const [, marks, title] = heading.exec(line) ?? []
  if (marks !== undefined && title !== undefined) {
    return { size: 1, element: <p class={`md-heading md-${Math.min(marks.length, 3)}`}>{inline(title)}</p> }
  }
  if (rule.test(line)) return { size: 1, element: <hr /> }
  if (quote.test(line)) {
    const inside = run(lines, at, (one) => quote.test(one))
    const text = inside.map((one) => quote.exec(one)?.[1] ?? '')
    return { size: inside.length, element: <blockquote>{blocks(text, depth + 1)}</blockquote> }
  }
  if (bullet.test(line)) {
    const inside = run(lines, at, (one) => bullet.test(one) || /^ {2,}\S/.test(one))
    return { size: inside.length, element: listOf(inside, depth) }
  }
  const inside = run(lines, at, (one, i) => i === at || !isBlock(one))
  return { size: inside.length, element: <p>{broken(inside)}</p> }
}

const isBlock = (line: string): boolean =>
  line.trim() === '' || [fence, heading, rule, quote, bullet].some((form) => form.test(line))

function run(lines: readonly string[], at: number, goesOn: (line: string, at: number) => boolean): string[] {
  const end = lines.findIndex((line, i) => i >= at && !goesOn(line, i))
  return lines.slice(at, end < 0 ? undefined : end)
}

function listOf(lines: readonly string[], depth: number): ComponentChildren {
  const indent = bullet.exec(lines[0] ?? '')?.[1]?.length ?? 0
  const isOrdered = bullet.exec(lines[0] ?? '')?.[2] !== undefined
  const items: string[][] = []
  for (const line of lines) {
    const [, spaces = '', , text = ''] = bullet.exec(line) ?? []
    if (bullet.test(line) && spaces.length <= indent + 1) items.push([text])
    else items.at(-1)?.push(line.replace(/^ {1,4}/, ''))
  }
  const shown = items.map(([first = '', ...rest], i) => <li key={i}>{itemOf(first, rest, depth)}</li>)
  return isOrdered ? <ol>{shown}</ol> : <ul>{shown}</ul>
}

function itemOf(first: string, rest: readonly string[], depth: number): ComponentChildren {
  const [, mark, text] = box.exec(first) ?? []
  const inside = rest.length > 0 ? blocks(rest, depth + 1) : null
  if (mark === undefined || text === undefined) return [inline(first), inside]
  return [
    <input key="box" type="checkbox" checked={mark !== ' '} disabled aria-label={text} />,
    ' ',
    inline(text),
    inside,
  ]
}

/** A line break of a note is one. */
const broken = (lines: readonly string[]): ComponentChildren =>
  lines.flatMap((line, i) => (i === 0 ? [inline(line)] : [<br key={i} />, inline(line)]))

/** What stands within a line, each with what it makes of the parts it found. */
const spans: readonly [form: RegExp, make: (parts: readonly string[]) => ComponentChildren][] = [
  [/`([^`]+)`/, ([, code]) => <code>{code}</code>],
  [
    /\[([^\]]+)\]\(\s*([^\s)]{1,2000})(?:\s[^)]*)?\)/,
    ([whole = '', text = '', href = '']) => link(href, inline(text)) ?? whole,
  ],
  [/<?\b(https?:\/\/[^\s<>]+[^\s<>.,;:!?'")\]])>?/i, ([whole, href = '']) => link(href, href) ?? whole],
  [
    /\*\*(?=\S)(.+?)(?<=\S)\*\*|__(?=\S)(.+?)(?<=\S)__/,
    ([, a, b]) => <strong>{inline(a ?? b ?? '')}</strong>,
  ],
  [/\*(?=\S)([^*]+?)(?<=\S)\*|\b_(?=\S)([^_]+?)(?<=\S)_\b/, ([, a, b]) => <em>{inline(a ?? b ?? '')}</em>],
  [/~~(?=\S)(.+?)(?<=\S)~~/, ([, text = '']) => <s>{inline(text)}</s>],
]

/** The first of the spans makes an element, and what comes after it is read on. */
function inline(text: string): ComponentChildren[] {
  const made: ComponentChildren[] = []
  let rest = text
  let forms = spans
  while (forms.length > 0) {
    const found = forms.flatMap(([form, make]) => {
      const match = form.exec(rest)
      return match ? [{ match, make, form }] : []
    })
    forms = forms.filter(([form]) => found.some((one) => one.form === form))
    const [first] = found.toSorted((a, b) => a.match.index - b.match.index)
    if (!first) break
    const { match, make } = first
    made.push(rest.slice(0, match.index), make(match))
    rest = rest.slice(match.index + match[0].length)
  }
  made.push(rest)
  return made
}

const safe = new Set(['http:', 'https:', 'mailto:'])

/** A link to where a link may lead: the web and mail. */
function link(href: string, children: ComponentChildren): ComponentChildren {
  const url = URL.canParse(href) ? new URL(href) : undefined
  if (!url || !safe.has(url.protocol)) return undefined
  return (
    <a href={url.href} target="_blank" rel="noopener noreferrer nofollow" dir="auto">
      {children}
    </a>
  )
}

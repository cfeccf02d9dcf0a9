import { cpuOf, type Results } from './report.ts'
import type { Description } from './servers.ts'

// A bar for each server and case: the server's CPU for one request at 64 connections, on a logarithmic axis.

const names = ['bare node:http', 'Docket', 'Fastify + Drizzle', 'Express'] as const
const colours: Record<(typeof names)[number], string> = {
  'bare node:http': '#9aa0a6',
  Docket: '#1a73e8',
  'Fastify + Drizzle': '#e8710a',
  Express: '#c5221f',
}
const bar = { height: 12, gap: 2, left: 180, width: 560 }
const caseHeight = names.length * (bar.height + bar.gap) + 14
const top = 64
const leastMicros = 5
const font = 'font-family="system-ui, sans-serif" font-size="12"'

/** The chart as an SVG document with a white background. */
export function chart({ cases, samples, begunAt }: Results): string {
  const shown = cases.filter(({ name }) => name !== 'Login')
  const micros = (name: string, server: Description['name']) => cpuOf(samples, name, server, 64)
  const isMeasured = (name: string) => (server: Description['name']) => !Number.isNaN(micros(name, server))
  const most = Math.max(
    ...shown.flatMap(({ name }) => names.filter(isMeasured(name)).map((server) => micros(name, server))),
  )
  const scale = bar.width / Math.log(most / leastMicros)
  const bars = shown.flatMap(({ name }, row) => [
    `<text x="${bar.left - 10}" y="${top + row * caseHeight + 32}" text-anchor="end">${escape(name)}</text>`,
    ...names.filter(isMeasured(name)).map((server, i) => {
      const value = micros(name, server)
      const y = top + row * caseHeight + i * (bar.height + bar.gap)
      const width = (scale * Math.log(Math.max(value, leastMicros) / leastMicros)).toFixed(1)
      const label = `${value < 100 ? value.toFixed(1) : Math.round(value)} µs`
      return `<rect x="${bar.left}" y="${y}" width="${width}" height="${bar.height}" fill="${colours[server]}"/><text x="${bar.left + Number(width) + 6}" y="${y + 10}" font-size="10">${label}</text>`
    }),
  ])
  const legend = names.map((server, i) => {
    const x = bar.left + i * 145
    return `<rect x="${x}" y="36" width="12" height="12" fill="${colours[server]}"/><text x="${x + 18}" y="46">${server}</text>`
  })
  const size = { width: bar.left + bar.width + 80, height: top + shown.length * caseHeight + 8 }
  const title = `Server CPU for one request, 64 connections; shorter is better, axis logarithmic; ${begunAt.toISOString().slice(0, 10)}`
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${size.width}" height="${size.height}" viewBox="0 0 ${size.width} ${size.height}" ${font}>`,
    '<rect width="100%" height="100%" fill="#fff"/>',
    `<text x="16" y="22" font-size="14" font-weight="600">${title}</text>`,
    ...legend,
    ...bars,
    '</svg>',
    '',
  ].join('\n')
}

const escape = (text: string) => text.replace('&', '&amp;').replace('<', '&lt;')

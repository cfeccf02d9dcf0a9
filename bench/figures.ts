import type { Alone } from './alone.ts'
import { overloadConnections, type Extremes } from './extremes.ts'
import { tasksTogether } from './floor.ts'
import type { Footprint } from './footprint.ts'
import type { Results } from './report.ts'
import { count, type Table } from './tables.ts'

/** What was measured once, each with its target. */
export const figuresOf = ({ memory, alone, footprint, extremes }: Results): Table => [
  ['figure', 'measured', 'target'],
  ...(alone ? writesAlone(alone) : []),
  ...(footprint ? sizes(footprint, memory) : []),
  ...(extremes ? limits(extremes) : []),
]

/** Milliseconds that a write alone may take beside the disk's flush. */
const beyondFlushMs = 0.25

const writesAlone = ({ flushMs, writes, floor }: Alone): Table => [
  ...writes.map(({ name, p50, p99, cpuMicros }) => [
    `one connection that writes, ${name}: p50, p99, the disk's own flush, CPU`,
    `${p50.toFixed(2)} ms (× ${(p50 / flushMs).toFixed(1)} of the flush), ${p99.toFixed(2)} ms, ${flushMs.toFixed(2)} ms, ${Math.round(cpuMicros)} µs`,
    name === 'create' ? `p50 ≤ ${(flushMs + beyondFlushMs).toFixed(2)} ms, CPU ≤ 300 µs` : '',
  ]),
  [
    'SQLite without a server, the rows of one new task in each commit: p50, CPU',
    `${floor.alone.p50.toFixed(2)} ms, ${Math.round(floor.alone.cpuMicros)} µs`,
    '',
  ],
  [
    `the same with ${tasksTogether} tasks in each commit: CPU for each`,
    `${Math.round(floor.togetherMicros)} µs`,
    '',
  ],
]

const megabytes = (bytes: number) => `${Math.round(bytes / 2 ** 20)} MB`

function sizes(
  { startMs, filledStartMs, idleBytes, loadedBytes, loadSeconds }: Footprint,
  memory: Results['memory'],
): Table {
  const starts = Object.entries(startMs).map(([server, ms]) => [
    `${server}: from start to first response`,
    `${Math.round(ms)} ms`,
    server === 'Docket' ? '≤ 300 ms' : '',
  ])
  const peers = memory
    .filter(({ server }) => server !== 'Docket')
    .map(({ server, idleBytes: idle, loadedBytes: loaded }) => [
      `${server}: memory idle, and after the cases`,
      `${megabytes(idle)}, ${megabytes(loaded)}`,
      '',
    ])
  return [
    ...starts,
    ['Docket: the same with 4,000 tasks', `${Math.round(filledStartMs)} ms`, '≤ 300 ms'],
    [
      `Docket: memory idle, and after ${loadSeconds} s of reads and writes on 64 connections`,
      `${megabytes(idleBytes)}, ${megabytes(loadedBytes)}`,
      '≤ 85 MB, ≤ 160 MB',
    ],
    ...peers,
  ]
}

function limits({ durable, readsUnderWrites, overload }: Extremes): Table {
  const { aloneMs, underMs, writes } = readsUnderWrites
  const reached = [durable.together / durable.oneByOne, underMs / aloneMs, overload.good / overload.peak]
  const [gain = 0, stretch = 0, goodput = 0] = reached
  return [
    [
      'POST at 64 connections, with group commit and one by one',
      `${count(durable.together)}/s, ${count(durable.oneByOne)}/s: × ${gain.toFixed(1)}`,
      '≥ × 5',
    ],
    [
      `p99 of GET by id at 64 connections, alone and beside 64 connections that write (${count(writes)}/s)`,
      `${aloneMs.toFixed(1)} ms, ${underMs.toFixed(1)} ms: × ${stretch.toFixed(1)}`,
      '≤ × 3',
    ],
    [
      `overload: ${count(overload.tried)}/s tried on ${count(overloadConnections)} connections, twice the peak of ${count(overload.peak)}/s`,
      `${count(overload.good)}/s good (${(goodput * 100).toFixed(0)} %), ${count(overload.refused)}/s refused, ${overload.failed} failed, ${Math.round(overload.residentMb)} MB`,
      '≥ 80 % good, 0 failed',
    ],
  ]
}

// Types for the part of autocannon that is used here; it has none of its own.
declare module 'autocannon' {
  import type { EventEmitter } from 'node:events'

  interface Request {
    method: string
    path: string
    headers?: Record<string, string>
    body?: string
  }

  interface Client extends EventEmitter {
    setRequests(requests: Request[]): void
    setHeadersAndBody(headers: Record<string, string>, body: string): void
  }

  interface Options {
    url: string
    connections: number
    duration: number
    overallRate?: number
    sampleInt: number
    timeout: number
    setupClient(client: Client): void
  }

  interface Result {
    errors: number
    timeouts: number
  }

  function autocannon(options: Options, done: (error: Error | null, result: Result) => void): EventEmitter
  namespace autocannon {
    export type { Client, Request }
  }
  export = autocannon
}

import { setTimeout as delay } from 'node:timers/promises'
import { setFlagsFromString } from 'node:v8'
import type { Logger } from 'pino'
import { createApp, sweepsOf } from './app.ts'
import type { Config } from './config.ts'
import { systemClock } from './core/clock.ts'
import { OperatorError } from './core/errors.ts'
import { version } from './core/version.ts'
import type { Server } from './http/fastify.ts'
import { createSweeper } from './database/sweep.ts'
import { openLog } from './log.ts'
import { openStorage, type Storage } from './storage.ts'

const signals = ['SIGTERM', 'SIGINT'] as const

/** Runs the server until a signal stops it, and returns the exit code. Throws OperatorError if it cannot start. */
export async function serve(config: Config): Promise<number> {
  const log = openLog(config.logLevel)
  const storage = await openStorage(config, (message, err) => log.warn({ err }, message))
  const { database, secrets, migrated } = storage
  if (migrated.length > 0) log.info({ migrations: migrated }, 'migrated the database')
  const sweeper = createSweeper(database, sweepsOf(config), systemClock, (err) =>
    log.warn({ err }, 'a sweep failed; the next one will continue'),
  )
  const draining = new AbortController()
  const { signal } = draining
  const app = await createApp({
    config,
    database,
    secrets,
    log,
    draining: signal,
    moreMeasures: sweeper.measures,
    wakeSweeper: sweeper.wake,
  })
  try {
    // For this name Fastify listens on two addresses, but on close waits for the requests of only one.
    const host = config.host === 'localhost' ? '127.0.0.1' : config.host
    await app.listen({ host, port: config.port, listenTextResolver: () => 'listening' })
  } catch (error) {
    await storage.close()
    throw new OperatorError(listenFault(config, error), { cause: error })
  }
  greet(app, storage)
  setFlagsFromString('--semi-space-growth-factor=2') // V8's default: under load a larger young generation pays off
  setFlagsFromString('--heap-growing-percent=50') // V8 would let garbage grow to four times what is in use
  sweeper.start()
  const closeRest = () => sweeper.stop().then(() => storage.close())
  return stopOnSignal(app, draining, closeRest, config, log)
}

/** Greets the person at the terminal on standard error, since the log on standard output is for machines. */
function greet(app: Server, { place }: Storage): void {
  const bound = app.server.address()
  if (!bound || typeof bound === 'string') throw new Error('the server listens nowhere')
  const { address, port, family } = bound
  const origin = `http://${family === 'IPv6' ? `[${address}]` : address}:${port}`
  process.stderr.write(
    `Docket is at ${origin}\nThe data is in ${place}\nThe documentation is at ${origin}/docs\n`,
  )
  app.log.info({ origin, data: place, docs: `${origin}/docs`, version, node: process.version }, 'ready')
}

function listenFault({ host, port }: Config, error: unknown): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown'
  if (code === 'EADDRINUSE')
    return `Port ${port} on ${host} is taken: stop what uses it, or set PORT to another.`
  if (code === 'EACCES') return `Port ${port} on ${host} needs more rights: set PORT to one above 1023.`
  return `${host} cannot be listened on (${code}): set HOST to an address of this machine.`
}

/**
 * The first SIGTERM or SIGINT stops the server: it goes on for the time of the drain, with `/readyz` at 503, so that
 * proxies turn away. Then requests in flight may finish until the time-out, when their connections are closed. A second
 * signal ends the process at once.
 */
function stopOnSignal(
  app: Server,
  draining: AbortController,
  closeRest: () => Promise<void>,
  { drainMs, shutdownTimeoutMs: timeoutMs }: Config,
  log: Logger,
): Promise<number> {
  const { promise, resolve } = Promise.withResolvers<number>()
  const stop = async (signal: string) => {
    draining.abort()
    if (drainMs > 0) {
      log.info({ signal, drainMs }, 'draining')
      await delay(drainMs)
    }
    log.info({ signal }, 'stopping')
    const timer = setTimeout(() => {
      log.warn({ timeoutMs }, 'closed the connections that were open at the time-out')
      app.server.closeAllConnections()
    }, timeoutMs)
    await app.close()
    clearTimeout(timer)
    await closeRest()
    log.info('stopped')
    resolve(0)
  }
  const onSignal = (signal: string) => {
    for (const name of signals) process.removeListener(name, onSignal) // a second signal has its default effect
    stop(signal).catch((error: unknown) => {
      log.fatal({ err: error }, 'the stop failed')
      resolve(1)
    })
  }
  for (const name of signals) process.on(name, onSignal)
  return promise
}

import type { FastifyBaseLogger } from 'fastify'
import { addAccounts } from './accounts/routes.ts'
import { authenticate, createAccounts } from './accounts/accounts.ts'
import type { Config } from './config.ts'
import { systemClock, type Clock } from './core/clock.ts'
import { createKeyring } from './core/keyring.ts'
import type { Database } from './database/database.ts'
import { addDocs, describeApi } from './http/openapi.ts'
import { addOperations } from './http/operations.ts'
import { addProblemPages } from './http/problem-pages.ts'
import { createServer, type Server } from './http/server.ts'
import { addTasks } from './tasks/routes.ts'

/** What the assembly is given: all that differs between a server, a test and a document. */
export interface Parts {
  config: Config
  database: Database
  secrets: readonly [string, ...string[]]
  log: FastifyBaseLogger
  clock?: Clock
}

/** The one place where the parts meet: the server with every feature, ready to listen. */
export async function createApp({
  config,
  database,
  secrets,
  log,
  clock = systemClock,
}: Parts): Promise<Server> {
  const keyring = createKeyring(secrets)
  const accounts = createAccounts(database, keyring, clock, config.isRegistrationOpen)
  let isStopping = false

  const app = await createServer({ config, clock, log, verify: (token) => authenticate(accounts, token) })
  app.addHook('preClose', async () => {
    isStopping = true
  })

  await describeApi(app)
  addAccounts(app, accounts)
  addTasks(app, { database, clock, keyring })
  addOperations(app, {
    ping: () => database.ping(),
    isStopping: () => isStopping,
    metricsToken: config.metricsToken,
  })
  addProblemPages(app)
  await addDocs(app)
  await app.ready()
  return app
}

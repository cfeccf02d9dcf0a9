import type { FastifyBaseLogger } from 'fastify'
import { addAccounts } from './accounts/routes.ts'
import {
  createAccounts,
  findPresent,
  profileKind,
  sweepFailures,
  sweepInvites,
  sweepSessions,
  type HashCost,
} from './accounts/accounts.ts'
import { addBatch } from './batch/routes.ts'
import type { Config } from './config.ts'
import type { Actor } from './core/actor.ts'
import { systemClock, type Clock } from './core/clock.ts'
import { createKeyring } from './core/keyring.ts'
import { gauge, type Measure } from './core/measures.ts'
import { createZones } from './core/zones.ts'
import type { Database } from './database/database.ts'
import { eraseClosed } from './database/erasure.ts'
import type { Sweep } from './database/sweep.ts'
import { closeGently } from './http/protection/closing.ts'
import { addDocs } from './http/description/docs.ts'
import { describeApi } from './http/description/openapi.ts'
import { addOperations } from './http/operations/health.ts'
import { addProblemPages } from './http/operations/problem-pages.ts'
import type { Server } from './http/fastify.ts'
import { createServer } from './http/server.ts'
import { allowStreams } from './http/answering/streams.ts'
import { createFollowers } from './sync/followers.ts'
import { createStreamPlaces } from './sync/events.ts'
import { addSync } from './sync/routes.ts'
import { createWaitingPlaces } from './sync/sync.ts'
import { readTicket, sweepTickets } from './sync/tickets.ts'
import { sweepAnswers } from './idempotency/idempotency.ts'
import { sweepChanges } from './revisions/revisions.ts'
import { builtPage } from './page/build.ts'
import { addPage } from './page/routes.ts'
import { createPages } from './tasks/pages.ts'
import { contentsWith, tasksOfProjects, tasksWith } from './tasks/tasks.ts'
import { projectsWith } from './projects/projects.ts'
import { addProjectList } from './projects/routes.ts'
import { addJournal } from './journal/routes.ts'
import { addLabels, addOccurrences, addTaskList } from './tasks/routes.ts'
import { addResource } from './things/routes.ts'
import { addTokens } from './tokens/routes.ts'
import * as apiTokens from './tokens/tokens.ts'
import { isResource, type Kind } from './things/things.ts'

/** Every kind of thing: what the feed, events, history, undo, batch and trash are about. */
export const kindsOf = ({ tasksPerUser }: Pick<Config, 'tasksPerUser'>): readonly Kind[] => [
  tasksWith(tasksPerUser),
  projectsWith(contentsWith(tasksPerUser)),
  profileKind,
]

/** What differs between a server, a test and the OpenAPI document. */
export interface Parts {
  config: Config
  database: Database
  secrets: readonly [string, ...string[]]
  log: FastifyBaseLogger
  clock?: Clock
  kinds?: readonly Kind[]
  /** What a password hash costs; low in tests that are not about hashes. */
  hashCost?: HashCost
  /** Aborted once the server should get no more requests, though it still answers those that come. */
  draining?: AbortSignal
  /** What an operator watches beside the server and the database. */
  moreMeasures?: readonly Measure[]
  /** The folder of the built page. */
  page?: string
  /** Called when there is something to sweep that should not wait. */
  wakeSweeper?: () => void
}

/** Assembles the server with every feature, ready to listen. */
export async function createApp({
  config,
  database,
  secrets,
  log,
  clock = systemClock,
  kinds = kindsOf(config),
  hashCost,
  draining,
  moreMeasures = [],
  page = builtPage,
  wakeSweeper,
}: Parts): Promise<Server> {
  const keyring = createKeyring(secrets)
  const accounts = createAccounts(database, keyring, clock, config.registration, hashCost, wakeSweeper)
  const tokens = apiTokens.createApiTokens(database, clock, (err) =>
    log.warn({ err }, 'the last uses of API tokens could not be stored'),
  )
  const present = (actor: Actor) =>
    actor.tokenId === undefined ? findPresent(accounts, actor) : apiTokens.findPresent(tokens, actor)
  const followers = createFollowers(database)
  const sync = {
    database,
    clock,
    kinds,
    followers,
    findPresent: present,
    waiting: createWaitingPlaces(),
    streams: createStreamPlaces(),
  }
  const verify = {
    token: (token: string) =>
      apiTokens.isApiToken(token) ? apiTokens.readToken(tokens, token) : accounts.tokens.verifyAccess(token),
    ticket: (ticket: string) => readTicket(sync, ticket),
    present,
  }
  const measures = [
    ...database.measures,
    ...moreMeasures,
    gauge('docket_hashes_waiting', 'Passwords that wait to be hashed', () => accounts.hashes.waiting()),
    gauge('docket_streams_open', 'Open streams of events', () => sync.streams.taken()),
    gauge('docket_polls_waiting', 'Requests that wait for changes', () => sync.waiting.taken()),
  ]
  let isStopping = false

  const app = await createServer({ config, clock, log, verify, measures })
  app.addHook('preClose', async () => {
    isStopping = true
  })

  describeApi(app)
  addAccounts(app, accounts)
  addTokens(app, tokens)
  const services = { database, clock, keyring }
  for (const resource of kinds.filter(isResource)) addResource(app, services, resource)
  const zoneOf = createZones((timeZone) =>
    log.warn({ timeZone }, 'this server does not know a time zone of its users; their days are those of UTC'),
  )
  addProjectList(app, services, tasksOfProjects)
  const lists = { ...services, pages: createPages(), zoneOf }
  addTaskList(app, lists)
  addLabels(app, services)
  addOccurrences(app, lists)
  addBatch(app, services, kinds)
  addJournal(app, services, kinds)
  await allowStreams(app)
  addSync(app, sync)
  await addOperations(app, {
    ping: () => database.ping(),
    isStopping: () => isStopping || draining?.aborted === true,
    metricsToken: config.metricsToken,
    measures,
  })
  addProblemPages(app)
  addDocs(app)
  addPage(app, page)
  closeGently(app)
  await app.ready()
  return app
}

const dayMs = 24 * 60 * 60_000

/** One sweep for each kind of row that is not kept for ever. */
export const sweepsOf = (config: Config, kinds = kindsOf(config)): Sweep[] => [
  eraseClosed,
  sweepSessions,
  sweepFailures,
  sweepInvites,
  sweepTickets,
  sweepAnswers,
  ...kinds.filter(isResource).map(
    ({ sweep }): Sweep =>
      (tx, now, limit) =>
        sweep(tx, now - config.trashDays * dayMs, limit),
  ),
  (tx, now, limit) => sweepChanges(tx, now - config.historyDays * dayMs, limit),
]

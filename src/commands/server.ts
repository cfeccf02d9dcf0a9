import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { readCommandConfig, readConfig } from '../config.ts'
import { openLog } from '../log.ts'
import { migrateStorage, openAlone } from '../storage.ts'
import { print, warn, type Command, type Server } from './command.ts'

/** The commands that run the server, or tell what it is. */
export const serverCommands: Record<string, Command> = {
  serve: {
    about: 'run the server',
    run: (_operand, _options, server) => server.serve(readConfig()),
  },
  migrate: { about: 'update the database to the newest schema', run: migrate },
  openapi: { about: 'print the OpenAPI document', run: (_operand, _options, server) => openapi(server) },
}

async function migrate(): Promise<number> {
  const taken = await migrateStorage(readCommandConfig())
  return print(taken.length > 0 ? `Migrated: ${taken.join(', ')}\n` : 'The schema is already the newest.\n')
}

/** The document is generated from the routes, so this assembles a server on a temporary database. */
async function openapi({ createApp }: Server): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), 'docket-'))
  const config = readCommandConfig({
    DATABASE_URL: `sqlite:${join(folder, 'docket.db')}`,
    LOG_LEVEL: 'silent',
  })
  const { database, close } = await openAlone(config, warn)
  const app = await createApp({
    config,
    database,
    secrets: ['unused: it signs nothing'],
    log: openLog('silent'),
  })
  print(`${JSON.stringify(await app.openapi(), null, 2)}\n`)
  await app.close()
  await close()
  rmSync(folder, { recursive: true })
  return 0
}

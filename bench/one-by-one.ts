import { pino } from 'pino'
import { createApp } from '../src/app.ts'
import { readConfig } from '../src/config.ts'
import type { Database } from '../src/database/database.ts'
import { openStorage } from '../src/storage.ts'

// The same server without group commit: each write waits until the one before it is on disk, and commits alone.

const config = readConfig()
const log = pino({ level: config.logLevel })
const storage = await openStorage(config, (message, err) => log.warn({ err }, message))
const app = await createApp({ config, database: oneByOne(storage.database), secrets: storage.secrets, log })
const origin = await app.listen({ host: config.host, port: 0 })
process.send?.({ port: Number(new URL(origin).port) })

function oneByOne(database: Database): Database {
  let last: Promise<unknown> = Promise.resolve()
  return {
    ...database,
    transaction(verb) {
      const next = last.then(() => database.transaction(verb))
      last = next.catch(() => undefined)
      return next
    },
  }
}

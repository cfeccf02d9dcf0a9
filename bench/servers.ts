import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { here, startServer, type Running } from './processes.ts'

/** How to start one of the compared servers. */
export interface Description {
  name: 'Docket' | 'bare node:http' | 'Express' | 'Fastify + Drizzle' | 'Docket on PostgreSQL' | 'bare pg'
  file: string
  /** `limit` is as fast as a server can be; a `peer` does the same in the usual way. */
  role: 'docket' | 'limit' | 'peer'
  /** Its environment; `data` names its database. */
  env(data: string): Record<string, string>
}

export interface Servers {
  /** Docket's entry point. */
  main: string
  descriptions: Description[]
  docketEnvironment(data: string): Record<string, string>
  /** The path of a server's SQLite database. */
  databaseOf(data: string): string
  /** Starts another Docket. */
  docket(data: string): Promise<Running>
}

/** Docket's entry point. */
export const main = join(here, '..', 'bin', 'docket.js')

/** Describes the servers, with their data in this folder. Bundles Docket, and installs the peers' dependencies on first use. */
export function prepareServers(folder: string): Servers {
  execFileSync(process.execPath, [join(here, '..', 'tools', 'bundle.js')], { stdio: 'ignore' })
  const peers = join(here, 'peers')
  if (!existsSync(join(peers, 'node_modules'))) {
    process.stderr.write('Installing the peers to compare with …\n')
    execFileSync('npm', ['ci', '--no-audit', '--no-fund', '--silent'], { cwd: peers, stdio: 'inherit' })
  }
  const databaseOf = (data: string) => `${join(folder, data)}.db`
  const docketEnvironment = (data: string) => ({
    PORT: '0',
    RATE_LIMIT: 'off',
    DATABASE_URL: `sqlite:${databaseOf(data)}`,
  })
  const peerEnvironment = (data: string) => ({ DATABASE: databaseOf(data), NODE_ENV: 'production' })
  return {
    main,
    descriptions: [
      { name: 'Docket', role: 'docket', file: main, env: docketEnvironment },
      { name: 'bare node:http', role: 'limit', file: join(here, 'bare.ts'), env: () => ({}) },
      { name: 'Express', role: 'peer', file: join(peers, 'express.js'), env: peerEnvironment },
      { name: 'Fastify + Drizzle', role: 'peer', file: join(peers, 'fastify.js'), env: peerEnvironment },
    ],
    docketEnvironment,
    databaseOf,
    docket: (data) => startServer(main, docketEnvironment(data)),
  }
}

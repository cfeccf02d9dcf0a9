import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { here, startServer, type Running } from './processes.ts'

/** How one of the servers that are compared is started. */
export interface Description {
  name: 'Docket' | 'bare node:http' | 'Express' | 'Fastify + Drizzle' | 'Docket on PostgreSQL' | 'bare pg'
  file: string
  /** Ours, what no server can be faster than, or one that does the same exercise in the usual way. */
  role: 'docket' | 'limit' | 'peer'
  /** Its environment, with its data under this name. */
  env(data: string): Record<string, string>
}

export interface Servers {
  descriptions: Description[]
  docketEnvironment(data: string): Record<string, string>
  /** Starts a Docket of its own. */
  docket(data: string): Promise<Running>
}

/** Docket's own file. */
export const main = join(here, '..', 'src', 'main.ts')

/** The servers, with their data in this folder; installs what the peers need on first use. */
export function prepareServers(folder: string): Servers {
  const peers = join(here, 'peers')
  if (!existsSync(join(peers, 'node_modules'))) {
    process.stderr.write('Installing the peers to compare with …\n')
    execFileSync('npm', ['ci', '--no-audit', '--no-fund', '--silent'], { cwd: peers, stdio: 'inherit' })
  }
  const docketEnvironment = (data: string) => ({
    PORT: '0',
    RATE_LIMIT: 'off',
    DATABASE_URL: `sqlite:${join(folder, data)}.db`,
  })
  const peerEnvironment = (data: string) => ({ DATABASE: `${join(folder, data)}.db`, NODE_ENV: 'production' })
  return {
    descriptions: [
      { name: 'Docket', role: 'docket', file: main, env: docketEnvironment },
      { name: 'bare node:http', role: 'limit', file: join(here, 'bare.ts'), env: () => ({}) },
      { name: 'Express', role: 'peer', file: join(peers, 'express.js'), env: peerEnvironment },
      { name: 'Fastify + Drizzle', role: 'peer', file: join(peers, 'fastify.js'), env: peerEnvironment },
    ],
    docketEnvironment,
    docket: (data) => startServer(main, docketEnvironment(data)),
  }
}

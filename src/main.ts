#!/usr/bin/env node
import './prepare.js'
import { setFlagsFromString } from 'node:v8'

process.umask(0o077) // only the server's own user may read the data, its backups and the secret

// Imported after the lines above have run, and because an older Node cannot even load it. The commands for people
// load nothing of the server, since somebody waits for them.
const argv = process.argv.slice(2)
const { isForPeople, runForPeople } = await import('./people/people.ts')
process.exitCode = isForPeople(argv) ? await runForPeople(argv) : await runForOperator(argv)

async function runForOperator(args: string[]): Promise<number> {
  // What start-up allocates is soon garbage; a young generation that grew for it would stay that large.
  setFlagsFromString('--semi-space-growth-factor=1')
  const { run } = await import('./commands.ts')
  return run(args, {
    serve: async (config) => (await import('./serve.ts')).serve(config),
    createApp: async (parts) => (await import('./app.ts')).createApp(parts),
  })
}

#!/usr/bin/env node
import './prepare.js'
import { setFlagsFromString } from 'node:v8'

process.umask(0o077) // only the server's own user may read the data, its backups and the secret

// What start-up allocates is soon garbage; a young generation that grew for it would stay that large.
setFlagsFromString('--semi-space-growth-factor=1')

// Imported after the lines above have run, and because an older Node cannot even load it.
const { run } = await import('./commands.ts')
process.exitCode = await run(process.argv.slice(2), {
  serve: async (config) => (await import('./serve.ts')).serve(config),
  createApp: async (parts) => (await import('./app.ts')).createApp(parts),
})

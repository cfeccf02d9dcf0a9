#!/usr/bin/env node
import { enableCompileCache } from 'node:module'
import { join } from 'node:path'
import { setFlagsFromString } from 'node:v8'

const oldestNode = 26

if (Number(process.versions.node.split('.')[0]) < oldestNode) {
  console.error(
    `Docket needs Node ${oldestNode} or later; this is Node ${process.versions.node}. \`npm start\` brings its own.`,
  )
  process.exit(1)
}

process.umask(0o077) // the data, its backups and the secret are for nobody but who runs the server

// Halves the start. Inside the installation, where nobody puts code who could not change this file as well.
enableCompileCache(join(import.meta.dirname, '..', 'node_modules', '.cache', 'docket'))

// What the start leaves behind is garbage soon: a nursery that grew for it would stay that large.
setFlagsFromString('--semi-space-growth-factor=1')

// Imported only now: the rest of the program does not even load on an older Node.
const { run } = await import('./commands.ts')
process.exitCode = await run(process.argv.slice(2))

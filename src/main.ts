#!/usr/bin/env node
import './prepare.js'
import { setFlagsFromString } from 'node:v8'

process.umask(0o077) // the data, its backups and the secret are for nobody but who runs the server

// What the start leaves behind is garbage soon: a nursery that grew for it would stay that large.
setFlagsFromString('--semi-space-growth-factor=1')

// Imported only now, with all of that in place; the rest of the program does not even load on an older Node.
const { run } = await import('./commands.ts')
process.exitCode = await run(process.argv.slice(2))

#!/usr/bin/env node
// Plain JavaScript, so that an older Node can say that it is too old, and so that Node need not load its
// TypeScript compiler, and the memory for it, to read src/main.ts: by then what it compiled is kept.
import module from 'node:module'
import { fileURLToPath } from 'node:url'

const oldestNode = 26

if (Number(process.versions.node.split('.')[0]) < oldestNode) {
  console.error(
    `Docket needs Node ${oldestNode} or later; this is Node ${process.versions.node}. \`npm start\` brings its own.`,
  )
  process.exit(1)
}

module.enableCompileCache(fileURLToPath(new URL('../node_modules/.cache/docket', import.meta.url)))
await import('../src/main.ts')

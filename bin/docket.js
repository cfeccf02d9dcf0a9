#!/usr/bin/env node
// Plain JavaScript too: by the time that Node loads its TypeScript compiler to read src/main.ts, and the
// memory for it, what it compiled before is at hand.
import '../src/prepare.js'

await import('../src/main.ts')

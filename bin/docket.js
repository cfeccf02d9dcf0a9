#!/usr/bin/env node
// Plain JavaScript too: what Node compiled before is at hand by the time that it comes to src/main.ts, so it
// need not load its TypeScript compiler, and the memory for that.
import '../src/prepare.js'

await import('../src/main.ts')

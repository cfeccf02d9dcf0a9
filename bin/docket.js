#!/usr/bin/env node
// Plain JavaScript too: what Node compiled before is at hand by the time that it comes to the program, so it need not
// load its TypeScript compiler, and the memory for that.
import '../src/prepare.js'
import { isBundleCurrent } from './bundled.js'

// Without a current bundle, Node runs the files as they are.
await import(isBundleCurrent(`${import.meta.dirname}/../`) ? '../dist/server/main.js' : '../src/main.ts')

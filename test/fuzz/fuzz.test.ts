import { test } from 'node:test'
import { fuzz } from './fuzz.ts'

test('two thousand random requests get the responses that the OpenAPI document describes', (t) =>
  fuzz(t, { runs: 2000 }))

import { test } from 'node:test'
import { fuzz } from './fuzz.ts'

test('two thousand requests drawn from the OpenAPI document are answered as it says', (t) =>
  fuzz(t, { runs: 2000 }))

import { test } from 'node:test'
import { fuzz } from './fuzz.ts'

// `npm run fuzz`. A failure names its seed and its path: FUZZ_SEED and FUZZ_PATH draw the same requests again.
const { FUZZ_RUNS = '20000', FUZZ_SEED, FUZZ_PATH } = process.env

test(`${FUZZ_RUNS} requests drawn from the OpenAPI document are answered as it says`, (t) =>
  fuzz(t, {
    runs: Number(FUZZ_RUNS),
    seed: FUZZ_SEED === undefined ? undefined : Number(FUZZ_SEED),
    path: FUZZ_PATH,
  }))

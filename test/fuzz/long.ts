import { test } from 'node:test'
import { fuzz } from './fuzz.ts'

// `npm run fuzz`. A failure prints its seed and path; set them as FUZZ_SEED and FUZZ_PATH to send the same requests again.
const { FUZZ_RUNS = '20000', FUZZ_SEED, FUZZ_PATH } = process.env

test(`${FUZZ_RUNS} random requests get the responses that the OpenAPI document describes`, (t) =>
  fuzz(t, {
    runs: Number(FUZZ_RUNS),
    seed: FUZZ_SEED === undefined ? undefined : Number(FUZZ_SEED),
    path: FUZZ_PATH,
  }))

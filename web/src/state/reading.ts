import { casual } from 'chrono-node/en'
import { readWords, type Reading, type Words } from '../../../client/src/words/index.ts'

export type ReadLine = (line: string, reading: Omit<Reading, 'parser'>) => Words

/** Reads a line of words, with the dates of chrono-node. */
export const readLine: ReadLine = (line, reading) => readWords(line, { ...reading, parser: casual })

import { createInterface } from 'node:readline/promises'
import { Writable, type Readable } from 'node:stream'
import { Interrupted } from './core/errors.ts'

/** Asks the user, or reads a line of standard input for each question if that is not a terminal. */
export interface Prompt {
  /** Throws Interrupted. */
  ask(question: string, options?: { isHidden?: boolean }): Promise<string>
  close(): void
}

/** Questions go to `errors`, so that the output can be piped. */
export function createPrompt(input: Readable & { isTTY?: boolean }, errors: Writable): Prompt {
  if (input.isTTY)
    return { ask: (question, options) => ask(input, errors, question, options), close: () => undefined }
  const reader = createInterface({ input })
  const lines = reader[Symbol.asyncIterator]()
  return {
    async ask() {
      const { value, done } = await lines.next()
      return done ? '' : value
    },
    close: () => reader.close(),
  }
}

async function ask(
  input: Readable,
  errors: Writable,
  question: string,
  { isHidden = false } = {},
): Promise<string> {
  const unseen = new Writable({ write: (_chunk, _encoding, done) => done() })
  const reader = createInterface({ input, output: isHidden ? unseen : errors, terminal: true })
  const { promise, resolve, reject } = Promise.withResolvers<string>()
  reader.once('SIGINT', () => reader.close())
  reader.once('close', () => reject(new Interrupted()))
  if (isHidden) errors.write(question)
  reader.question(isHidden ? '' : question).then(resolve, reject)
  try {
    return await promise
  } finally {
    if (isHidden) errors.write('\n')
    reader.close()
  }
}

/** Asks for a password without echoing it, or reads the first line of standard input if that is not a terminal. */
export async function askPassword(question: string): Promise<string> {
  const prompt = createPrompt(process.stdin, process.stderr)
  try {
    return await prompt.ask(question, { isHidden: true })
  } finally {
    prompt.close()
  }
}

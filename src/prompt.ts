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
  const isTerminal = input.isTTY === true
  let isHidden = true
  const echo = new Writable({
    write(chunk, encoding, done) {
      if (!isHidden) errors.write(chunk, encoding)
      done()
    },
  })
  const reader = createInterface(isTerminal ? { input, output: echo, terminal: true } : { input })
  let isOpen = true
  reader.on('SIGINT', () => reader.close()).on('close', () => (isOpen = false))
  // What is typed ahead may be the answer to a hidden question.
  reader.on('line', () => (isHidden = true))
  const lines = reader[Symbol.asyncIterator]()

  return {
    async ask(question, { isHidden: isSecret = false } = {}) {
      isHidden = isSecret
      if (isTerminal && isSecret) errors.write(question)
      reader.setPrompt(isSecret ? '' : question)
      if (isTerminal && isOpen) reader.prompt()
      const { value, done } = await lines.next()
      if (isTerminal && (isSecret || done)) errors.write('\n')
      if (done && isTerminal) throw new Interrupted()
      return done ? '' : value
    },
    close: () => reader.close(),
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

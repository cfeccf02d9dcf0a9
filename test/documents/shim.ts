import { connect } from 'node:net'
import { json } from 'node:stream/consumers'

// Stands for a program that does not run apart from its machine: asks inside.ts to do what it would do.

/** What a program was called with. */
export interface Call {
  name: string
  args: string[]
  folder: string
}

/** What it prints, and its exit code. */
export interface Reply {
  stdout?: string
  stderr?: string
  code?: number
}

const [socket = '', name = '', ...args] = process.argv.slice(2)
const connection = connect(socket)
connection.end(JSON.stringify({ name, args, folder: process.cwd() } satisfies Call))
const { stdout = '', stderr = '', code = 0 } = (await json(connection)) as Reply
process.stdout.write(stdout)
process.stderr.write(stderr)
process.exitCode = code

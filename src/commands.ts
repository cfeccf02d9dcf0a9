import { parseArgs } from 'node:util'
import { options as known, print, type Command, type Options, type Server } from './commands/command.ts'
import { dataCommands } from './commands/data.ts'
import { serverCommands } from './commands/server.ts'
import { userCommands } from './commands/users.ts'
import { ConfigError } from './config.ts'
import { AppError, Interrupted, OperatorError } from './core/errors.ts'
import { version } from './core/version.ts'
import { listed } from './people/people.ts'

const commands: Record<string, Command> = { ...serverCommands, ...dataCommands, ...userCommands }

const aboutColumn = 25

/** Runs one command and returns its exit code: 0 for success, 1 for a failure, 2 for wrong usage, 130 after Ctrl-C. */
export async function run(argv: string[], server: Server): Promise<number> {
  try {
    const { positionals, values } = parseArgs({ args: argv, allowPositionals: true, options: known })
    if (values.version) return print(`${version}\n`)
    if (values.help || positionals.length === 0 || positionals[0] === 'help') return print(help(positionals))
    return await dispatch(positionals, values, server)
  } catch (error) {
    if (error instanceof Interrupted) return 130
    process.stderr.write(`${sentences(error)}\n`)
    return isUsageError(error) ? 2 : 1
  }
}

function dispatch(words: string[], options: Options, server: Server): Promise<number> | number {
  const { name, command } = find(words)
  const operands = words.slice(name.split(' ').length)
  if (!command || !fits(command, operands, options)) {
    process.stderr.write(command ? usageOf(name, command) : usage())
    return 2
  }
  return command.run(operands[0] ?? '', options, server)
}

/** Some names have two words. */
function find([first = '', second = '']: string[]): { name: string; command: Command | undefined } {
  const name = `${first} ${second}` in commands ? `${first} ${second}` : first
  return { name, command: Object.hasOwn(commands, name) ? commands[name] : undefined }
}

function fits(
  { operands = [], options = [], needs = [] }: Command,
  given: string[],
  values: Options,
): boolean {
  const allowed = new Set<string>([...options, ...needs])
  return (
    given.length === operands.length &&
    Object.keys(values).every((name) => allowed.has(name)) &&
    needs.every((name) => values[name] !== undefined)
  )
}

function help(words: string[]): string {
  const { name, command } = find(words[0] === 'help' ? words.slice(1) : words)
  return command ? usageOf(name, command) : usage()
}

/** All commands, a line for each. */
function usage(): string {
  const operators = Object.entries(commands).map(([name, { operands = [], about }]): [string, string] => [
    [name, ...operands].join(' '),
    about,
  ])
  return `Usage: docket COMMAND

Your tasks, on a server that you are signed in to:
${listed.map(lineOf).join('')}
For the operator, beside the server's data (the README lists the variables):
${operators.map(lineOf).join('')}
docket COMMAND --help says more, docket --version prints the version.
`
}

const lineOf = ([call, about]: readonly [string, string]) => `  ${call.padEnd(aboutColumn - 3)} ${about}\n`

function usageOf(name: string, { operands = [], form, about, more }: Command): string {
  const call = [name, ...operands, ...(form === undefined ? [] : [form])].join(' ')
  return `Usage: docket ${call}\n\n${sentence(about)}${more === undefined ? '' : ` ${sentence(more)}`}\n`
}

const sentence = (text: string) => `${text.charAt(0).toUpperCase()}${text.slice(1)}.`

const isUsageError = (error: unknown): error is TypeError =>
  error instanceof TypeError && 'code' in error && String(error.code).startsWith('ERR_PARSE_ARGS')

function sentences(error: unknown): string {
  if (error instanceof ConfigError) return error.message
  if (error instanceof OperatorError || error instanceof AppError || isUsageError(error)) return error.message
  return error instanceof Error ? (error.stack ?? error.message) : String(error)
}

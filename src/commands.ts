import { parseArgs } from 'node:util'
import { options as known, print, type Command, type Options, type Server } from './commands/command.ts'
import { dataCommands } from './commands/data.ts'
import { serverCommands } from './commands/server.ts'
import { userCommands } from './commands/users.ts'
import { ConfigError } from './config.ts'
import { AppError, OperatorError } from './core/errors.ts'
import { version } from './core/version.ts'

const commands: Record<string, Command> = { ...serverCommands, ...dataCommands, ...userCommands }

const aboutColumn = 19
const width = 100

/** Runs one command and returns its exit code: 0 for success, 1 for a failure, 2 for wrong usage. */
export async function run(argv: string[], server: Server): Promise<number> {
  try {
    const { positionals, values } = parseArgs({ args: argv, allowPositionals: true, options: known })
    if (values.help) return print(usage())
    if (values.version) return print(`${version}\n`)
    return await dispatch(positionals, values, server)
  } catch (error) {
    process.stderr.write(`${sentences(error)}\n`)
    return isUsageError(error) ? 2 : 1
  }
}

function dispatch(words: string[], options: Options, server: Server): Promise<number> | number {
  const [first = 'serve', second = ''] = words
  const name = `${first} ${second}` in commands ? `${first} ${second}` : first
  const command = Object.hasOwn(commands, name) ? commands[name] : undefined
  const operands = words.slice(name.split(' ').length)
  if (!command || !fits(command, operands, options)) {
    process.stderr.write(usage())
    return 2
  }
  return command.run(operands[0] ?? '', options, server)
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

function usage(): string {
  const lines = Object.entries(commands).map(([name, { operands = [], form, about }]) => {
    const call = [name, ...operands, ...(form === undefined ? [] : [form])].join(' ')
    const [head = '', ...rest] = wrap(about)
    const indent = ' '.repeat(aboutColumn)
    const start = call.length < aboutColumn - 3 ? `  ${call}`.padEnd(aboutColumn) : `  ${call} \n${indent}`
    return [`${start}${head}`, ...rest.map((line) => `${indent}${line}`)].join('\n')
  })
  return `Usage: docket [command]\n\n${lines.join('\n')}\n\n--version prints the version. Environment variables configure Docket; the README lists them.\n`
}

/** Breaks a text into lines that fit beside the names of the commands. */
function wrap(text: string): string[] {
  const lines = ['']
  for (const word of text.split(' ')) {
    const last = lines.at(-1) ?? ''
    if (last !== '' && aboutColumn + last.length + word.length >= width) lines.push(word)
    else lines[lines.length - 1] = last === '' ? word : `${last} ${word}`
  }
  return lines
}

const isUsageError = (error: unknown): error is TypeError =>
  error instanceof TypeError && 'code' in error && String(error.code).startsWith('ERR_PARSE_ARGS')

function sentences(error: unknown): string {
  if (error instanceof ConfigError) return error.message
  if (error instanceof OperatorError || error instanceof AppError || isUsageError(error)) return error.message
  return error instanceof Error ? (error.stack ?? error.message) : String(error)
}

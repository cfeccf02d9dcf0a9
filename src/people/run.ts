import { parseArgs, type ParseArgsOptionsConfig } from 'node:util'
import type { Call, Options } from './call.ts'
import { commands, type Command } from './commands.ts'
import { endOf, exits, Failure, problemOf } from './failure.ts'
import { OutputClosed, write, type Terminal } from './terminal.ts'
import { clean, jsonOf } from './text.ts'

/** Runs one command and returns its exit code. */
export async function run([name = '', ...argv]: readonly string[], terminal: Terminal): Promise<number> {
  const isJson = argv.includes('--json')
  try {
    const command = commands[name]
    if (!command) throw new Failure('usage', `There is no command ${clean(name)}.`)
    if (argv.includes('--help') || argv.includes('-h')) await write(terminal.output, usageOf(name, command))
    else await (await command.load())(callOf(name, command, argv, terminal))
    return exits.ok
  } catch (error) {
    if (error instanceof OutputClosed) return exits.ok
    return await fail(error, isJson, terminal)
  }
}

function callOf(name: string, command: Command, argv: string[], terminal: Terminal): Call {
  const options: ParseArgsOptionsConfig = command.options
  const parsed = readArguments(name, argv, options)
  const { positionals: words, values } = parsed
  if (words.length < command.least || words.length > command.most) throw wrong(name, wordsWanted(command))
  return { words, options: optionsOf(values), terminal }
}

function readArguments(name: string, args: string[], options: ParseArgsOptionsConfig) {
  try {
    return parseArgs({ args, options, allowPositionals: true })
  } catch (error) {
    throw wrong(name, error instanceof Error ? (error.message.split('. To specify')[0] ?? '') : '')
  }
}

const wrong = (name: string, why: string) =>
  new Failure('usage', `${clean(why).replace(/\.?$/, '.')} \`docket ${name} --help\` says what is allowed.`)

const wordsWanted = ({ form, most }: Command) => (most === 0 ? 'It takes options only' : `It takes ${form}`)

function optionsOf(values: Readonly<Record<string, unknown>>): Options {
  const all = (name: string): readonly string[] => {
    const value = values[name]
    return (Array.isArray(value) ? value : [value]).filter((one) => typeof one === 'string')
  }
  return {
    has: (name) => values[name] !== undefined,
    value: (name) => all(name).at(-1),
    values: all,
  }
}

function usageOf(name: string, { form, about, options }: Command): string {
  const rows = Object.entries(options).map(([option, { short, value, about: what }]) => {
    const call = `${short ? `-${short}, ` : ''}--${option}${value ? ` ${value}` : ''}`
    return `  ${call.padEnd(22)} ${what}\n`
  })
  const head = `Usage: docket ${`${name} ${form}`.trim()}${rows.length > 0 ? ' [options]' : ''}`
  return `${head}\n\n${about.charAt(0).toUpperCase()}${about.slice(1)}.\n${rows.length > 0 ? '\n' : ''}${rows.join('')}`
}

/** Tells what went wrong and returns the exit code. An error of our own making keeps its stack. */
async function fail(error: unknown, isJson: boolean, terminal: Terminal): Promise<number> {
  if (terminal.signal.aborted) return exits.interrupted
  const end = endOf(error)
  if (!end) throw error
  const { exit, message, more } = end
  if (message !== '') {
    const text = [message, ...more.map((line) => `  ${line}`)].map((line) => `${clean(line)}\n`).join('')
    const problem = isJson ? `${jsonOf(problemOf(error, exit, message))}\n` : text
    await tell(terminal, problem)
  }
  return exits[exit]
}

/** If nobody listens, the exit code still says it. */
async function tell({ errors }: Terminal, text: string): Promise<void> {
  try {
    await write(errors, text)
  } catch (error) {
    if (!(error instanceof OutputClosed)) throw error
  }
}

import { commands } from './commands.ts'

/** Whether these arguments are for one of the commands for people. */
export const isForPeople = ([name = '']: readonly string[]): boolean => Object.hasOwn(commands, name)

/** The commands for people as `--help` lists them. */
export const listed: readonly [call: string, about: string][] = Object.entries(commands).map(
  ([name, { form, about }]) => [`${name} ${form}`.trim(), about],
)

/** Runs one of them in the terminal that the program was started in, and returns its exit code. */
export async function runForPeople(argv: readonly string[]): Promise<number> {
  const [{ run }, { systemTerminal }] = await Promise.all([import('./run.ts'), import('./terminal.ts')])
  return run(argv, systemTerminal())
}

import { Interrupted } from '../core/errors.ts'
import { Problem, type Fault } from '../../client/src/index.ts'

/** What a script can tell from how a command ended. docs/cli.md has the table. */
export const exits = {
  ok: 0,
  refused: 1,
  usage: 2,
  notFound: 3,
  notSignedIn: 4,
  unreachable: 5,
  conflict: 6,
  interrupted: 130,
} as const

export type Exit = keyof typeof exits

/** Why a command did not do its work; the message is for the user. */
export class Failure extends Error {
  readonly exit: Exit
  /** Anything else that helps, a line for each. */
  readonly more: readonly string[]

  constructor(exit: Exit, message: string, more: readonly string[] = []) {
    super(message)
    this.exit = exit
    this.more = more
  }
}

/** The connection to the server failed. */
export class Unreached extends Error {
  constructor(url: string, cause: unknown) {
    super(`The server at ${new URL(url).origin} does not answer${reasonOf(cause)}.`, { cause })
  }
}

function reasonOf(error: unknown): string {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error
  if (!(cause instanceof Error)) return ''
  if (cause.name === 'TimeoutError') return ' in time'
  const what = 'code' in cause && typeof cause.code === 'string' ? cause.code : cause.message
  return what === '' ? '' : ` (${what})`
}

/** How an error ends a command, and the words for it; undefined for an error of our own making. */
export function endOf(error: unknown): { exit: Exit; message: string; more: readonly string[] } | undefined {
  if (error instanceof Failure) return error
  if (error instanceof Interrupted) return { exit: 'interrupted', message: '', more: [] }
  if (error instanceof Unreached) return { exit: 'unreachable', message: error.message, more: [] }
  if (error instanceof Problem) return ofProblem(error)
  if (isBroken(error))
    return { exit: 'unreachable', message: 'The connection to the server broke.', more: [] }
  return undefined
}

/** What reading an answer throws when its end does not come. */
const isBroken = (error: unknown): boolean =>
  error instanceof Error &&
  (error.name === 'TimeoutError' || ('code' in error && error.code === 'ECONNRESET'))

const exitOfStatus = new Map<number, Exit>([
  [401, 'notSignedIn'],
  [404, 'notFound'],
  [502, 'unreachable'],
  [503, 'unreachable'],
  [504, 'unreachable'],
])

function ofProblem({ status, slug, detail, faults }: Problem) {
  if (slug === 'invalid-token') {
    const message = 'The server does not accept your token any more: run `docket login` again.'
    return { exit: 'notSignedIn', message, more: [] } as const
  }
  if (slug === 'precondition-failed') {
    const message =
      'Somebody else changed this at the same moment: look at it again, and repeat what you want.'
    return { exit: 'conflict', message, more: [] } as const
  }
  const exit: Exit = slug === 'undo-conflict' ? 'conflict' : (exitOfStatus.get(status) ?? 'refused')
  const more = faults.map(wordsOf)
  const [only] = more
  return only !== undefined && more.length === 1
    ? { exit, message: `${only}.`, more: [] }
    : { exit, message: detail, more }
}

/** A field as people know it, such as `title must not be empty`. */
function wordsOf({ pointer = '', parameter = '', header = '', thing = '', detail }: Fault): string {
  return [thing, pointer.replace('/', '') + parameter + header, detail]
    .filter((part) => part !== '')
    .join(' ')
}

/** The same as a problem (RFC 9457), for `--json`. */
export function problemOf(error: unknown, exit: Exit, message: string): object {
  if (error instanceof Problem && error.slug !== 'unknown') {
    const { slug, status, detail, instance, faults } = error
    const type = `/problems/${slug}`
    const errors = faults.length > 0 ? faults : undefined
    return { type, title: titleOf(slug), status, detail, instance, errors, exitCode: exits[exit] }
  }
  const more =
    error instanceof Failure && error.more.length > 0 ? error.more.map((detail) => ({ detail })) : undefined
  return { type: 'about:blank', title: titles[exit], detail: message, errors: more, exitCode: exits[exit] }
}

const titleOf = (slug: string) => slug.charAt(0).toUpperCase() + slug.slice(1).replaceAll('-', ' ')

const titles: Record<Exit, string> = {
  ok: 'OK',
  refused: 'Refused',
  usage: 'Wrong usage',
  notFound: 'Not found',
  notSignedIn: 'Not signed in',
  unreachable: 'Server not reached',
  conflict: 'Changed meanwhile',
  interrupted: 'Interrupted',
}

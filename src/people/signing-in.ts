import { connect, signIn, type User } from '../../client/src/index.ts'
import { createPrompt, type Prompt } from '../prompt.ts'
import { addressOf, answer, assertPrivate, connectionTo, note, type Call } from './call.ts'
import { isTimeZone } from './due.ts'
import { Failure } from './failure.ts'
import { forgetLogin, readLogin, writeLogin, type Login } from './files.ts'
import { clean } from './text.ts'
import type { Terminal } from './terminal.ts'

const standardUrl = 'http://127.0.0.1:3000'
const longestName = 100

/** Signs in, and keeps an API token in place of the password. */
export async function login(call: Call): Promise<void> {
  const { words, options, terminal } = call
  const before = loginOf(terminal)
  const url = addressOf(words[0] ?? before?.url ?? standardUrl)
  const isInsecure = options.has('insecure')
  assertPrivate(url, isInsecure, 'add --insecure')
  const prompt = createPrompt(terminal.input, terminal.errors)
  try {
    const made = options.has('token')
      ? await withToken(url, prompt, call)
      : await withPassword(url, prompt, before, call)
    writeLogin(terminal, { ...made, ...(isInsecure && { isInsecure }) })
    const { email, timeZone } = made
    const who = email === undefined ? '' : ` as ${clean(email)}`
    await answer(
      call,
      [{ url, ...(email !== undefined && { email }), timeZone }],
      `Signed in to ${url}${who}.\n`,
    )
  } finally {
    prompt.close()
  }
}

/** A file that cannot be read is no reason not to sign in again. */
function loginOf(terminal: Terminal): Login | undefined {
  try {
    return readLogin(terminal)
  } catch {
    return undefined
  }
}

async function withToken(url: string, prompt: Prompt, { options, terminal }: Call): Promise<Login> {
  const timeZone = options.value('time-zone') ?? terminal.timeZone
  if (!isTimeZone(timeZone))
    throw new Failure('usage', `${clean(timeZone)} is not a time zone such as Europe/Berlin.`)
  const token = (await prompt.ask('API token: ', { isHidden: true })).trim()
  if (!/^[\x21-\x7E]+$/.test(token))
    throw new Failure('notSignedIn', 'This is not an API token: one begins with dkt_.')
  const docket = connect({ ...connectionTo(terminal, url), token })
  for await (const _page of docket.tasks.list({ limit: 1 }).pages()) break
  return { url, token, timeZone }
}

async function withPassword(
  url: string,
  prompt: Prompt,
  before: Login | undefined,
  call: Call,
): Promise<Login> {
  const { options, terminal } = call
  const email = options.value('email') ?? (await prompt.ask('E-mail: ')).trim()
  const session = await openWith(url, email, prompt, terminal)
  const { user } = session
  const name = `docket on ${clean(terminal.host)}`.slice(0, longestName)
  const { id, token } = await session.tokens.create({ name, scopes: ['tasks:write'] })
  if (before?.tokenId !== undefined && before.url === url && before.email === user.email) {
    await session.tokens.remove(before.tokenId).catch(() => undefined)
  }
  await session.signOut()
  return { url, token, tokenId: id, email: user.email, timeZone: zoneOf(user, terminal) }
}

async function openWith(url: string, email: string, prompt: Prompt, terminal: Terminal) {
  const password = await prompt.ask(`Password for ${clean(email)}: `, { isHidden: true })
  return signIn({ ...connectionTo(terminal, url), email, password })
}

const zoneOf = ({ timeZone }: User, terminal: Terminal) =>
  isTimeZone(timeZone) ? timeZone : terminal.timeZone

/** An API token may not delete tokens, not even itself: the password is asked for once more. */
export async function logout(call: Call): Promise<void> {
  const { options, terminal } = call
  const known = readLogin(terminal)
  if (!known) throw new Failure('notSignedIn', 'You are not signed in.')
  const { url, email, tokenId } = known
  if (!options.has('local') && email !== undefined && tokenId !== undefined) {
    await deleteToken(url, email, tokenId, terminal)
    forgetLogin(terminal)
    return answer(call, [], `Signed out of ${url} and deleted the token.\n`)
  }
  forgetLogin(terminal)
  await answer(call, [], `Signed out of ${url}.\n`)
  if (!options.has('json'))
    await note(call, `The token still works: delete it with DELETE ${url}/me/tokens/{id}.`)
}

async function deleteToken(url: string, email: string, tokenId: string, terminal: Terminal): Promise<void> {
  const prompt = createPrompt(terminal.input, terminal.errors)
  try {
    const session = await openWith(url, email, prompt, terminal)
    const tokens = await session.tokens.list()
    if (tokens.some(({ id }) => id === tokenId)) await session.tokens.remove(tokenId)
    await session.signOut()
  } finally {
    prompt.close()
  }
}

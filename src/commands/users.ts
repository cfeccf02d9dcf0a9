import * as people from '../accounts/accounts.ts'
import { OperatorError } from '../core/errors.ts'
import { askPassword } from '../prompt.ts'
import { print, wholeNumber, withDatabase, type Command, type Options } from './command.ts'

const defaultDays = 7
const mostDays = 365

const password: Command = {
  operands: ['EMAIL'],
  about: "set a user's password",
  more: 'it is read from a prompt or standard input. Their sessions and API tokens end',
  run: (operand) => setPassword(addressOf(operand)),
}

/** The commands about users. */
export const userCommands: Record<string, Command> = {
  'user list': {
    options: ['json'],
    form: '[--json]',
    about: 'list the users',
    run: (_operand, options) => list(options),
  },
  'user show': {
    operands: ['EMAIL'],
    options: ['json'],
    form: '[--json]',
    about: 'show one user',
    run: (operand, options) => show(addressOf(operand), options),
  },
  'user create': {
    operands: ['EMAIL'],
    options: ['name', 'invite', 'days', 'json'],
    form: '[--name NAME | --invite [--days N]] [--json]',
    about: 'create a user, or invite one',
    more: 'the password is read from a prompt or standard input; with --invite, it prints an invitation with which they register themselves',
    run: (operand, options) => create(addressOf(operand), options),
  },
  'user disable': {
    operands: ['EMAIL'],
    about: 'lock a user out until they are enabled',
    more: 'their sessions end, and logins and API tokens are refused',
    run: (operand) => disable(addressOf(operand)),
  },
  'user enable': {
    operands: ['EMAIL'],
    about: 'let a disabled user in again',
    run: (operand) => enable(addressOf(operand)),
  },
  'user delete': {
    operands: ['EMAIL'],
    about: 'close an account for good, and erase what it owns',
    run: (operand) => remove(addressOf(operand)),
  },
  'user sessions': {
    operands: ['EMAIL'],
    options: ['end', 'json'],
    form: '[--end] [--json]',
    about: 'list the open sessions of a user, or end them',
    run: (operand, options) => sessions(addressOf(operand), options),
  },
  'user password': password,
  password,
  invite: {
    options: ['email', 'days', 'json'],
    form: '[--email EMAIL] [--days N] [--json]',
    about: 'print an invitation to register with',
    more: `for REGISTRATION=invite; it is good once, for ${defaultDays} days or N`,
    run: (_operand, options) => invite(options.email, options),
  },
}

const addressOf = (operand: string) => operand.trim().toLowerCase()

async function list({ json }: Options): Promise<number> {
  const accounts = await withDatabase((database) => people.listAccounts(database, Date.now()))
  return json ? printJson(accounts) : print(accounts.map(lineOf).join(''))
}

const lineOf = ({ email, disabledAt, sessions: open, createdAt }: people.Account) =>
  `${email}  since ${createdAt.slice(0, 10)}, ${disabledAt === null ? `${open} sessions` : 'disabled'}\n`

async function show(email: string, { json }: Options): Promise<number> {
  const account = await withDatabase((database) => people.readAccount(database, email, Date.now()))
  if (json) return printJson(account)
  return print(
    Object.entries(account)
      .map(([name, value]) => `${name.padEnd(12)}${value ?? '-'}\n`)
      .join(''),
  )
}

async function create(email: string, options: Options): Promise<number> {
  people.assertEmail(email)
  const { name = '', json } = options
  if (options.invite) {
    if (name !== '') throw new OperatorError('Whom you invite chooses their own name: leave out --name.')
    return invite(email, options)
  }
  if (options.days !== undefined) throw new OperatorError('--days is about an invitation: add --invite.')
  const user = await withDatabase(async (database) => {
    const chosen = await askPassword(`Password for ${email}: `)
    return people.createAccount(database, { email, password: chosen, name }, Date.now())
  })
  return json ? printJson(user) : print(`Created the user ${email}.\n`)
}

async function setPassword(email: string): Promise<number> {
  await withDatabase(async (database) => {
    const chosen = await askPassword(`New password for ${email}: `)
    await people.setPassword(database, email, chosen)
  })
  return print(`Set the password of ${email} and ended all their sessions and API tokens.\n`)
}

async function disable(email: string): Promise<number> {
  await withDatabase((database) => people.disableAccount(database, email, Date.now()))
  return print(`Disabled ${email} and ended all their sessions.\n`)
}

async function enable(email: string): Promise<number> {
  await withDatabase((database) => people.enableAccount(database, email))
  return print(`Enabled ${email}.\n`)
}

async function remove(email: string): Promise<number> {
  await withDatabase((database) => people.removeAccount(database, email, Date.now()))
  return print(`Deleted ${email}; a server erases what they owned.\n`)
}

async function sessions(email: string, { end, json }: Options): Promise<number> {
  if (end) {
    await withDatabase((database) => people.endSessions(database, email))
    return print(`Ended all sessions of ${email}.\n`)
  }
  const open = await withDatabase((database) => people.listOpenSessions(database, email, Date.now()))
  if (json) return printJson(open)
  return print(
    open
      .map(
        ({ id, lastUsedAt, ipAddress, userAgent }) =>
          `${id}  ${lastUsedAt}  ${ipAddress}  ${printable(userAgent ?? '-')}\n`,
      )
      .join(''),
  )
}

/** The invitation alone goes to standard output, for scripts; what it is for goes to the terminal. */
async function invite(email: string | undefined, { days, json }: Options): Promise<number> {
  const address = email === undefined ? null : addressOf(email)
  if (address !== null) people.assertEmail(address)
  const lasting = days === undefined ? defaultDays : wholeNumber('days', days, mostDays)
  const made = await withDatabase((database) => people.createInvite(database, address, lasting, Date.now()))
  if (json) return printJson(made)
  process.stderr.write(`Good once, until ${made.expiresAt}, as \`invite\` of POST /auth/register:\n`)
  return print(`${made.invite}\n`)
}

/** A client's words could hold C1 control characters, which a terminal obeys. */
const controls = /[\x7f-\x9f]/g
const escaped = (text: string) => `\\u${text.charCodeAt(0).toString(16).padStart(4, '0')}`
const printable = (text: string) => text.replace(controls, escaped)

const printJson = (value: unknown) => print(`${printable(JSON.stringify(value, null, 2))}\n`)

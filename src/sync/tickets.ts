import { randomBytes } from 'node:crypto'
import { credentialOf, type Actor } from '../core/actor.ts'
import { sha256 } from '../core/digest.ts'
import { AppError } from '../core/errors.ts'
import type { Ticket } from './schema.ts'
import { deleteTicketsBefore, findTicket, insertTicket, takeTicket } from './store.ts'
import type { Sync } from './sync.ts'

const ticketBytes = 24
const ticketSeconds = 60

/** Writes a ticket that opens one stream of events in the actor's name, within a minute; only its hash is kept. */
export async function issueTicket({ database, clock }: Sync, actor: Actor): Promise<Ticket> {
  const ticket = randomBytes(ticketBytes).toString('base64url')
  const expiresAt = clock() + ticketSeconds * 1000
  await database.transaction((tx) =>
    insertTicket(tx, sha256(ticket), actor.userId, credentialOf(actor), expiresAt),
  )
  return { ticket, expiresIn: ticketSeconds }
}

/** Returns the actor whose ticket it is, and uses nothing up. Throws `invalid-token`. */
export const readTicket = async ({ database, clock }: Sync, ticket: string): Promise<Actor> =>
  (await findTicket(database, sha256(ticket), clock())) ?? invalidTicket()

/** Uses a ticket up. Throws `invalid-token` if it was used before. */
export async function useTicket({ database, clock }: Sync, ticket: string): Promise<void> {
  const isTaken = await database.transaction((tx) => takeTicket(tx, sha256(ticket), clock()))
  if (!isTaken) invalidTicket()
}

function invalidTicket(): never {
  throw new AppError(
    'invalid-token',
    'The ticket is used, older than a minute or not one of this server; get a new one.',
  )
}

/** Deletes at most `limit` expired tickets. Returns how many. */
export const sweepTickets = deleteTicketsBefore

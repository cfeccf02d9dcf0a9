import type { Clock } from '../core/clock.ts'
import type { Gate } from '../core/gate.ts'
import type { Keyring } from '../core/keyring.ts'
import type { Database } from '../database/database.ts'
import { createHashGate, defaultCost, type HashCost } from './passwords.ts'
import { createThrottle, type Throttle } from './throttle.ts'
import { createTokens, type Tokens } from './tokens.ts'

/** What the functions of this feature work with. */
export interface Accounts {
  database: Database
  clock: Clock
  tokens: Tokens
  throttle: Throttle
  hashes: Gate
  hashCost: HashCost
  registration: 'open' | 'closed' | 'invite'
  /** Called after an account was closed, so that its rows are erased soon. */
  onClosed(): void
}

/** Where a request comes from. */
export interface Client {
  address: string
  /** The network that counts as one client. */
  network: string
  userAgent: string | undefined
}

export function createAccounts(
  database: Database,
  keyring: Keyring,
  clock: Clock,
  registration: Accounts['registration'],
  hashCost = defaultCost,
  onClosed: () => void = () => undefined,
): Accounts {
  return {
    database,
    clock,
    tokens: createTokens(keyring, clock),
    throttle: createThrottle(database, keyring, clock),
    hashes: createHashGate(),
    hashCost,
    registration,
    onClosed,
  }
}

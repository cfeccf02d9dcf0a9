import type { Clock } from '../core/clock.ts'
import type { Gate } from '../core/gate.ts'
import type { Keyring } from '../core/keyring.ts'
import type { Database } from '../database/database.ts'
import { createHashGate } from './passwords.ts'
import { createThrottle, type Throttle } from './throttle.ts'
import { createTokens, type Tokens } from './tokens.ts'

/** What the verbs about accounts work with. */
export interface Accounts {
  database: Database
  clock: Clock
  tokens: Tokens
  throttle: Throttle
  hashes: Gate
  isOpen: boolean
}

/** Where a request comes from: its address, the network that counts as one client, and its own words. */
export interface Client {
  address: string
  network: string
  userAgent: string | undefined
}

/** Puts together what the verbs work with; `isOpen` says whether strangers may register. */
export function createAccounts(
  database: Database,
  keyring: Keyring,
  clock: Clock,
  isOpen: boolean,
): Accounts {
  return {
    database,
    clock,
    tokens: createTokens(keyring, clock),
    throttle: createThrottle(database, keyring, clock),
    hashes: createHashGate(),
    isOpen,
  }
}

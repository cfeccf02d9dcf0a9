import { argon2, randomBytes, timingSafeEqual, type Argon2Parameters } from 'node:crypto'
import { createRequire } from 'node:module'
import { availableParallelism } from 'node:os'
import { promisify } from 'node:util'
import type * as Lists from '@zxcvbn-ts/language-common'
import { invalidField } from '../core/errors.ts'
import { createGate, type Gate } from '../core/gate.ts'

/** What one Argon2id hash costs; the memory in KiB. */
export type HashCost = Required<Pick<Argon2Parameters, 'memory' | 'passes' | 'parallelism'>>

/** As OWASP's password storage cheat sheet has it: 19 MiB, two passes, one lane. */
export const defaultCost: HashCost = { memory: 19 * 1024, passes: 2, parallelism: 1 }

const saltBytes = 16
const tagBytes = 32
const hashesWaiting = 32

const shortestLocalPart = 5
const derive = promisify(argon2)

const load: (name: string) => typeof Lists = createRequire(import.meta.url)

/** Loaded when the first password is chosen, since the list takes some time and 9 MB. */
let common: Set<string> | undefined

function loadCommon(): Set<string> {
  const { dictionary } = load('@zxcvbn-ts/language-common')
  return new Set(dictionary['passwords-common']?.map((word) => word.toLowerCase()))
}

/** Limits how many hashes run and wait, since each takes 19 MiB and a core. More are `overloaded`. */
export const createHashGate = (): Gate =>
  createGate(Math.max(1, Math.floor(availableParallelism() / 2)), hashesWaiting)

/** How many characters (code points, in Unicode NFC) a new password may have. */
export const passwordLength = { least: 8, most: 256 }

const uncommonWords = 'must not be one of the common passwords'

/** The format of a new password, for a schema that also says its length. */
export const newPassword = {
  test: (text: string): boolean => text.isWellFormed() && !text.includes('\0') && isUncommon(text),
  pattern: String.raw`^[^\x00]*$`,
  words: `${uncommonWords}, nor hold U+0000 or a lone surrogate`,
}

/** What is wrong with a new password that did not come through the schema; undefined if nothing is. */
export function passwordFault(password: string): string | undefined {
  const { least, most } = passwordLength
  const { length } = Array.from(password.normalize('NFC'))
  if (length < least || length > most) return `must have ${least} to ${most} characters`
  if (!isUncommon(password)) return uncommonWords
  return newPassword.test(password) ? undefined : newPassword.words
}

/** Whether the password is not among the common ones, in any letter case. */
function isUncommon(password: string): boolean {
  common ??= loadCommon()
  return !common.has(password.toLowerCase())
}

/** Whether the password contains the part of the address before the @, if that has at least 5 characters. */
function containsLocalPart(password: string, email: string): boolean {
  const localPart = email.slice(0, email.lastIndexOf('@')).normalize('NFC')
  return (
    Array.from(localPart).length >= shortestLocalPart &&
    password.normalize('NFC').toLowerCase().includes(localPart.toLowerCase())
  )
}

/** Throws `validation-failed` for a new password that contains that part of the user's address. */
export function assertUnlike(password: string, email: string, pointer: string): void {
  if (containsLocalPart(password, email)) throw invalidField(pointer, 'must not contain the e-mail address')
}

/** Hashes a password (Unicode NFC) with a new salt, as a PHC string. */
export async function hashPassword(password: string, cost = defaultCost): Promise<string> {
  const salt = randomBytes(saltBytes)
  return phcString(cost, salt, await derive('argon2id', parameters(password, salt, cost)))
}

/** Whether the hash is of this password. Without a hash it takes as long as one of this cost and returns false. */
export async function isPassword(
  password: string,
  hash: string | undefined,
  cost: HashCost,
): Promise<boolean> {
  const { salt, tag, ...costs } = readHash(hash ?? decoy(cost))
  const actual = await derive('argon2id', parameters(password, salt, costs))
  return timingSafeEqual(actual, tag) && hash !== undefined
}

/** Whether the hash was made with a lower cost than this one. */
export function isOutdated(hash: string, cost: HashCost): boolean {
  const { memory, passes, parallelism } = readHash(hash)
  return memory < cost.memory || passes < cost.passes || parallelism < cost.parallelism
}

const parameters = (password: string, nonce: Buffer, cost: HashCost): Argon2Parameters => ({
  message: password.normalize('NFC'),
  nonce,
  tagLength: tagBytes,
  ...cost,
})

const phcString = ({ memory, passes, parallelism }: HashCost, salt: Buffer, tag: Buffer) =>
  `$argon2id$v=19$m=${memory},t=${passes},p=${parallelism}$${unpadded(salt)}$${unpadded(tag)}`

function readHash(hash: string): HashCost & { salt: Buffer; tag: Buffer } {
  const found = /^\$argon2id\$v=19\$m=(\d+),t=(\d+),p=(\d+)\$([\w+/]+)\$([\w+/]+)$/.exec(hash)
  const [, memory, passes, parallelism, salt = '', tag = ''] = found ?? []
  if (!found) throw new Error('a stored password hash is not one of ours')
  return {
    memory: Number(memory),
    passes: Number(passes),
    parallelism: Number(parallelism),
    salt: Buffer.from(salt, 'base64'),
    tag: Buffer.from(tag, 'base64'),
  }
}

const unpadded = (bytes: Buffer) => bytes.toString('base64').replaceAll('=', '')

/** The hash that is compared for an unknown address, so that it takes as long as a known one. */
const decoy = (cost: HashCost) => phcString(cost, decoySalt, decoyTag)
const decoySalt = randomBytes(saltBytes)
const decoyTag = randomBytes(tagBytes)

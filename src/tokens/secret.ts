import { randomInt } from 'node:crypto'
import { crc32 } from 'node:zlib'

const prefix = 'dkt_'
const digits = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'
const randomLength = 32
const checksumLength = 6
const form = new RegExp(`^${prefix}([${digits}]{${randomLength}})([${digits}]{${checksumLength}})$`)

/** Makes a token: the prefix by which scanners find leaked ones, 190 random bits, and their checksum. */
export function createSecret(): string {
  const random = Array.from({ length: randomLength }, () => digits.charAt(randomInt(digits.length))).join('')
  return `${prefix}${random}${checksumOf(random)}`
}

/** Whether a bearer token is meant as an API token. */
export const isApiToken = (token: string): boolean => token.startsWith(prefix)

/** Whether the form and the checksum are right, so that it is worth a look at the database. */
export function isWellFormed(token: string): boolean {
  const [, random = '', checksum] = form.exec(token) ?? []
  return checksumOf(random) === checksum
}

/** The CRC-32 in base 62, with leading zeros. */
function checksumOf(random: string): string {
  let rest = crc32(random)
  let text = ''
  while (text.length < checksumLength) {
    text = digits.charAt(rest % digits.length) + text
    rest = Math.floor(rest / digits.length)
  }
  return text
}

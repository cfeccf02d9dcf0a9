import { promisify } from 'node:util'
import { brotliCompress, constants, gzip } from 'node:zlib'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { sha256 } from '../../core/digest.ts'
import { isFresh, notModified } from './conditions.ts'
import { preferredCoding, type Coding } from './content-coding.ts'

/** Content that is the same for everyone while the server runs. */
export interface FixedContent {
  type: string
  headers?: Record<string, string>
  make(): string | Buffer | Promise<string | Buffer>
  /** Its compressed forms, if they were made before. */
  compress?: Record<Coding, (plain: Buffer) => Promise<Buffer>>
}

type Handler = (request: FastifyRequest, reply: FastifyReply) => Promise<Buffer | void>

/** Quality 5 takes a hundredth of the time of the best, 11, and its result is an eighth larger. */
const brotliOptions = { params: { [constants.BROTLI_PARAM_QUALITY]: 5 } }
const compressors: Record<Coding, (plain: Buffer) => Promise<Buffer>> = {
  br: (plain) => promisify(brotliCompress)(plain, brotliOptions),
  gzip: promisify(gzip),
}
const tagLength = 16

/**
 * A handler that answers with the content, compressed if the client accepts that. The content and each compressed
 * form are made at their first use and kept. Never for a user's data: a compressed size tells of secrets (BREACH).
 */
export function fixedAnswer({ type, headers = {}, make, compress = compressors }: FixedContent): Handler {
  const plain = once(async () => Buffer.from(await make()))
  const tag = once(async () => `W/"${sha256(await plain()).slice(0, tagLength)}"`) // weak, since every form has it
  const forms = { br: formOf('br'), gzip: formOf('gzip') }

  return async (request, reply) => {
    const coding = isCompressible(type) ? preferredCoding(request.headers['accept-encoding']) : undefined
    reply.headers({ ...headers, vary: [reply.getHeader('vary') ?? [], 'accept-encoding'].flat().join(', ') })
    if (isFresh(request, reply, await tag())) return notModified(reply)
    if (coding !== undefined) reply.header('content-encoding', coding)
    reply.type(type)
    return coding === undefined ? plain() : forms[coding]()
  }

  function formOf(coding: Coding): () => Promise<Buffer> {
    return once(async () => compress[coding](await plain()))
  }
}

const isCompressible = (type: string) => !type.startsWith('image/') || type.startsWith('image/svg')

/** Makes a value at its first use and keeps it. After a failure, the next use tries again. */
export function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined
  const tryOnce = async () => {
    try {
      return await make()
    } catch (error) {
      made = undefined
      throw error
    }
  }
  return () => (made ??= tryOnce())
}

import { readdirSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { promisify } from 'node:util'
import { gzip } from 'node:zlib'
import type { FastifyInstance } from 'fastify'
import { sha256 } from '../../core/digest.ts'
import { isFresh } from '../answering/conditions.ts'

/** A file of the documentation as it is sent. */
interface File {
  tag: string
  plain: Buffer
  packed: Buffer
}

const folder = new URL('./static/', import.meta.resolve('@fastify/swagger-ui'))
const types: Record<string, string> = {
  js: 'application/javascript; charset=utf-8',
  css: 'text/css; charset=utf-8',
}

/**
 * Has scripts and styles sent from memory, packed once, where reading the file for each request would make them
 * the dearest thing that a stranger can ask for: 1.7 MB, of which each slow reader would hold a piece of its own.
 */
export function keepFiles(docs: FastifyInstance): void {
  const files = new Map<string, Promise<File> | undefined>()
  for (const name of readdirSync(folder)) if (typeOf(name)) files.set(name, undefined)

  docs.addHook<{ Params: { '*'?: string } }>('preHandler', async (request, reply) => {
    const name = request.params['*'] ?? ''
    const type = typeOf(name)
    if (!type || !files.has(name)) return undefined
    const file = files.get(name) ?? pack(name)
    files.set(name, file)
    const { tag, plain, packed } = await file
    reply.header('vary', 'accept-encoding')
    if (isFresh(request, reply, tag)) return reply.code(304).send()
    const takesPacked = takesGzip(request.headers['accept-encoding'])
    if (takesPacked) reply.header('content-encoding', 'gzip')
    return reply.type(type).send(takesPacked ? packed : plain)
  })
}

const typeOf = (name: string) => types[name.slice(name.lastIndexOf('.') + 1)]

/** RFC 9110 §12.5.3: who names no coding takes any. */
const takesGzip = (accepted = 'gzip') => /\bgzip\b(?!\s*;\s*q=0(?:\.0*)?\s*(?:,|$))/i.test(accepted)

async function pack(name: string): Promise<File> {
  const plain = await readFile(new URL(name, folder))
  const tag = `W/"${sha256(plain).slice(0, 16)}"` // one for both forms
  return { tag, plain, packed: await promisify(gzip)(plain) }
}

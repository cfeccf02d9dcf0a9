import compile, { type Schema } from 'fast-json-stringify'
import type { FastifySerializerCompiler } from 'fastify'

const serializers = new Map<string, (body: unknown) => string>()

/**
 * Compiles the schema of an answer when it is first sent. Many operations answer with the same schema, and to compile
 * one takes longer than most else at the start: equal schemas share one serializer.
 */
export const serializerCompiler: FastifySerializerCompiler<Schema> = ({ schema }) => {
  let serialize: ((body: unknown) => string) | undefined
  const find = () => {
    const text = JSON.stringify(schema)
    const found = serializers.get(text) ?? compile(schema)
    serializers.set(text, found)
    return found
  }
  return (body) => (serialize ??= find())(body)
}

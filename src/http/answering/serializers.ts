import compile, { type Schema } from 'fast-json-stringify'
import type { FastifySerializerCompiler } from 'fastify'

const serializers = new Map<string, (body: unknown) => string>()

/**
 * Compiles the schema of an answer. Many operations answer with the same schema, and to compile one takes longer
 * than anything else at the start: equal schemas share one serializer.
 */
export const serializerCompiler: FastifySerializerCompiler<Schema> = ({ schema }) => {
  const text = JSON.stringify(schema)
  const known = serializers.get(text)
  if (known) return known
  const serializer = compile(schema)
  serializers.set(text, serializer)
  return serializer
}

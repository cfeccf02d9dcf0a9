import type { TSchema } from 'typebox'
import * as Type from '../../core/json-schema.ts'

/** The media type of a handler's answer that is JSON text already. */
export const jsonType = 'application/json; charset=utf-8'

/** The schema of an answer whose handler returns it as JSON text. */
export const asText = (schema: TSchema) => Type.Unsafe<string>(schema)

const nothing = (description: string) => Type.Unsafe<void>({ type: 'null', description })

/** An answer without content. */
export const Nothing = nothing('Done; there is no content.')

/** The answer to a conditional read if the client has the thing already. */
export const NotModified = nothing('Not modified: what you have is still so.')

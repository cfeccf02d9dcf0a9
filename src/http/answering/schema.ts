import * as Type from '../../core/json-schema.ts'

const nothing = (description: string) => Type.Unsafe<void>({ type: 'null', description })

/** An answer without content. */
export const Nothing = nothing('Done; there is no content.')

/** The answer to a conditional read if the client has the thing already. */
export const NotModified = nothing('Not modified: what you have is still so.')

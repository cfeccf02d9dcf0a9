import * as Type from '../core/json-schema.ts'
import { closed, Id } from '../core/wire.ts'

export const ThingId = Type.Object({ id: Id })

export const DeleteQuery = Type.Object(
  {
    permanent: Type.Optional(Type.Boolean({ default: false, description: 'Whether to erase it for good.' })),
  },
  closed,
)

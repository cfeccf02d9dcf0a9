import type { TProperties } from 'typebox'
import * as Type from '../core/json-schema.ts'
import { closed, Id } from '../core/wire.ts'
import type { Removal } from './rules.ts'

export const ThingId = Type.Object({ id: Id })

/** The query of a deletion, with the parameters that a kind has besides. */
export const deleteQueryOf = (own: TProperties) =>
  Type.Unsafe<Removal>(
    Type.Object(
      {
        permanent: Type.Optional(
          Type.Boolean({ default: false, description: 'Whether to erase it for good.' }),
        ),
        ...own,
      },
      closed,
    ),
  )

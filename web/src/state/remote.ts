import { replica } from './data.ts'
import { personal } from './personal.ts'

/** Something that is read from the server when somebody asks to see it. */
export interface Remote<Value> {
  value?: Value | undefined
  isLoading: boolean
  /** Why it could not be read. */
  fault?: string | undefined
}

export function createRemote<Value>(read: () => Promise<Value>): {
  state: { readonly value: Remote<Value> }
  load: () => Promise<void>
  set: (value: Value | undefined) => void
} {
  const state = personal<Remote<Value>>({ isLoading: false })
  let last = 0
  return {
    state,
    async load() {
      const mine = (last += 1)
      const asker = replica.value
      state.value = { value: state.value.value, isLoading: true }
      const next = await read().then(
        (value) => ({ value, isLoading: false }),
        (error: unknown) => ({ value: state.value.value, isLoading: false, fault: wordsOf(error) }),
      )
      if (mine === last && asker === replica.value) state.value = next
    },
    set: (value) => void (state.value = { value, isLoading: false }),
  }
}

/** What went wrong, for people. */
export function wordsOf(error: unknown): string {
  if (error instanceof TypeError) return 'There is no connection to the server.'
  return error instanceof Error ? error.message : String(error)
}

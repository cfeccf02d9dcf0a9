import { computed, signal, type Signal } from '@preact/signals'
import { replica } from './data.ts'

/** A signal of who is signed in: whoever comes after them finds it as it was at first. */
export function personal<Value>(first: Value): Pick<Signal<Value>, 'value'> {
  const own = computed(() => ({ of: replica.value, signal: signal(first) }))
  return {
    get value() {
      return own.value.signal.value
    },
    set value(next) {
      own.value.signal.value = next
    },
  }
}

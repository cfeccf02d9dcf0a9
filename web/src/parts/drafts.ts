import { useSignal } from '@preact/signals'
import { useEffect, useRef } from 'preact/hooks'
import { onLeave } from '../state/address.ts'

const pauseMs = 2000

/**
 * What is being typed into a field of a thing. It is written when the field or the place is left, and when the user
 * pauses; upon the thing as it was when they began, so that what another device did meanwhile is not lost.
 */
export function useDraft<Held>(
  present: Held,
  read: (held: Held) => string,
  write: (held: Held, text: string) => void,
) {
  const draft = useSignal<{ held: Held; text: string } | undefined>(undefined)
  const timer = useRef(0)
  const latest = useRef(present)
  latest.current = present

  const save = () => {
    const { value } = draft
    clearTimeout(timer.current)
    if (value && value.text !== read(value.held)) write(value.held, value.text)
    return value
  }
  const commit = () => {
    if (save()) draft.value = undefined
  }
  const pause = () => {
    const value = save()
    if (value) draft.value = { held: latest.current, text: value.text }
  }
  useEffect(() => {
    const stay = onLeave(commit)
    return () => {
      stay()
      commit()
    }
  }, [])

  return {
    value: draft.value?.text ?? read(present),
    commit,
    /** Lets go of what was typed. */
    discard: () => {
      clearTimeout(timer.current)
      draft.value = undefined
    },
    type(text: string) {
      draft.value = { held: draft.value?.held ?? latest.current, text }
      clearTimeout(timer.current)
      timer.current = setTimeout(pause, pauseMs)
    },
  }
}

/** Gives the keyboard back to the task around a field, which writes what was typed. */
export const leaveField = (field: Element): void => field.closest<HTMLElement>('.panel-body')?.focus()

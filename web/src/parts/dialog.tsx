import type { ComponentChildren } from 'preact'
import { useLayoutEffect, useRef } from 'preact/hooks'
import { uncover } from '../state/address.ts'

/** Something over the page, which has the keyboard until it is closed. Focus goes back where it was. */
export function Dialog({
  label,
  kind,
  style = {},
  children,
}: {
  label: string
  kind: string
  style?: Record<string, string>
  children: ComponentChildren
}) {
  const dialog = useRef<HTMLDialogElement>(null)
  useLayoutEffect(() => {
    const { current } = dialog
    current?.showModal()
    return () => current?.close()
  }, [])
  return (
    <dialog
      ref={dialog}
      class={`dialog ${kind}`}
      style={style}
      aria-label={label}
      onCancel={(event) => {
        event.preventDefault()
        uncover()
      }}
      onPointerDown={(event) => {
        if (event.target === event.currentTarget) uncover()
      }}
    >
      <div class="dialog-body">{children}</div>
    </dialog>
  )
}

const seen = new WeakSet<HTMLElement>()

/** Gives a field the keyboard when it comes, and not again each time something around it changes. */
export function focusFirst(field: HTMLElement | null): void {
  if (!field || seen.has(field)) return
  seen.add(field)
  field.focus()
}

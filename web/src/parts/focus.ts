const seen = new WeakSet<HTMLElement>()

/** Gives a field the keyboard when it comes, and not again each time something around it changes. */
export function focusFirst(field: HTMLElement | null): void {
  if (!field || seen.has(field)) return
  seen.add(field)
  field.focus()
}

/** Where the keyboard was last, and what is around it that can have it too. */
let last: { at: Element; around: readonly HTMLElement[] } | undefined
const places = 'section, .panel-body'

/**
 * When what had the keyboard goes, such as the button of a line that is deleted, the part of the page around it gets
 * it, or else what `home` says: nobody who works with keys is sent back to the top of the page.
 */
export function keepFocus(home: () => void): void {
  document.addEventListener('focusin', ({ target }) => {
    if (target instanceof Element) last = { at: target, around: [...around(target)] }
  })
  new MutationObserver(() => {
    if (document.activeElement !== document.body || !last || last.at.isConnected) return
    const next = last.around.find((place) => place.isConnected)
    last = undefined
    if (!next) return home()
    next.tabIndex = -1
    next.focus()
  }).observe(document.body, { childList: true, subtree: true })
}

function* around(element: Element): Iterable<HTMLElement> {
  for (let at = element.parentElement; at; at = at.parentElement) if (at.matches(places)) yield at
}

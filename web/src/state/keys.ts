import { signal } from '@preact/signals'

const key = 'docket.keys'

/** Whether a key without Ctrl or Alt does something. Whoever speaks to the computer may not want words to. */
export const hasSingleKeys = signal(localStorage.getItem(key) !== 'off')

export function setSingleKeys(isOn: boolean): void {
  hasSingleKeys.value = isOn
  if (isOn) localStorage.removeItem(key)
  else localStorage.setItem(key, 'off')
}

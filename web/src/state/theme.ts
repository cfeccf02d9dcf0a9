import { signal } from '@preact/signals'

export const themes = ['system', 'light', 'dark'] as const
export type Theme = (typeof themes)[number]

const key = 'docket.theme'

/** How the page looks in this browser. */
export const theme = signal<Theme>(themes.find((one) => one === localStorage.getItem(key)) ?? 'system')

export function setTheme(next: Theme): void {
  theme.value = next
  localStorage.setItem(key, next)
  showTheme()
}

export function showTheme(): void {
  document.documentElement.dataset['theme'] = theme.value
}

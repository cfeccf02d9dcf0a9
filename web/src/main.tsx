import { effect } from '@preact/signals'
import { render } from 'preact'
import { App } from './app.tsx'
import { focusCursor } from './list/list.tsx'
import { keepFocus } from './parts/focus.ts'
import { fadeNotices } from './parts/notice.tsx'
import { cover, followAddress } from './state/address.ts'
import { title } from './state/lists.ts'
import { start } from './state/session.ts'
import { showTheme } from './state/theme.ts'
import { followTime } from './state/today.ts'
import { loadReader } from './state/words.ts'
import { followKeyboard } from './shell/keyboard.ts'
import { keepShell } from './shell.ts'
import './style.css'

showTheme()
const page = document.querySelector('#page')
const started = start()
if (page) render(<App />, page)
await started
const asksToAdd = location.hash.endsWith('?add')
followAddress()
if (asksToAdd) cover({ kind: 'add' })
followTime()
followKeyboard()
keepFocus(focusCursor)
fadeNotices()
effect(() => void (document.title = `${title.value} · Docket`))

/** What the first paint does not need. */
requestIdleCallback(() => {
  void loadReader()
  if (import.meta.env.PROD) void keepShell()
})

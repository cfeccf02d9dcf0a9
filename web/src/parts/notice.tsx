import { effect } from '@preact/signals'
import { news } from '../state/news.ts'
import { notice } from '../state/undo.ts'
import { Icon } from './icon.tsx'

const shownMs = 8000

/** Takes a notice away after a while. */
export function fadeNotices(): void {
  let timer = 0
  effect(() => {
    const { value } = notice
    clearTimeout(timer)
    if (value) timer = setTimeout(fade, shownMs)
  })
  /** Not under the pointer or the keyboard of somebody who is about to use it. */
  function fade(): void {
    if (document.querySelector('.notice:is(:hover, :focus-within)')) timer = setTimeout(fade, shownMs)
    else notice.value = undefined
  }
}

/** What was done just now: seen for some seconds, and heard. */
export function Notices() {
  const { value } = notice
  return (
    <div class="notices">
      <div role="status" aria-live="polite" class="unseen" dir="auto">
        {value?.words}
      </div>
      <div role="status" aria-live="polite" class="unseen" dir="auto">
        {news.value}
      </div>
      {value && (
        <div class="notice">
          <span dir="auto" aria-hidden="true">
            {value.words}
          </span>
          {value.offer && (
            <button type="button" onClick={value.offer.run}>
              {value.offer.words}
            </button>
          )}
          <button type="button" class="quiet" aria-label="Dismiss" onClick={() => (notice.value = undefined)}>
            <Icon name="close" />
          </button>
        </div>
      )}
    </div>
  )
}

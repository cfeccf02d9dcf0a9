import { effect } from '@preact/signals'
import { notice } from '../state/undo.ts'
import { Icon } from './icon.tsx'

const shownMs = 8000

/** Takes a notice away after a while. */
export function fadeNotices(): void {
  let timer = 0
  effect(() => {
    const { value } = notice
    clearTimeout(timer)
    if (value) timer = setTimeout(() => (notice.value = undefined), shownMs)
  })
}

/** What was done just now: seen for some seconds, and heard. */
export function Notices() {
  const { value } = notice
  return (
    <div class="notices">
      <div role="status" aria-live="polite" class="unseen">
        {value?.words}
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

import { Dialog } from '../parts/dialog.tsx'
import { uncover } from '../state/address.ts'

/** Asks before what can not be undone. */
export const Confirm = ({
  words,
  detail,
  action,
  run,
}: {
  words: string
  detail: string
  action: string
  run: () => void
}) => (
  <Dialog label={words} kind="confirm">
    <h1>{words}</h1>
    <p>{detail}</p>
    <div class="dialog-foot">
      <button type="button" onClick={uncover}>
        Cancel
      </button>
      <button
        type="button"
        class="primary danger"
        onClick={() => {
          uncover()
          run()
        }}
      >
        {action}
      </button>
    </div>
  </Dialog>
)

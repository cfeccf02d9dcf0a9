import { useSignal } from '@preact/signals'
import { Dialog } from '../parts/dialog.tsx'
import { renameLabel, toggleLabel } from '../state/actions.ts'
import { uncover } from '../state/address.ts'

/** Gives tasks a new label, or a label another name. */
export function LabelDialog({
  name,
  ids = [],
}: {
  name: string | undefined
  ids?: readonly string[] | undefined
}) {
  const text = useSignal(name ?? '')
  const title = name === undefined ? 'New label' : 'Rename the label'
  const save = () => {
    const label = text.value.replaceAll(',', ' ').trim()
    uncover()
    if (label === '' || label === name) return
    if (name === undefined) toggleLabel(ids, label)
    else renameLabel(name, label)
  }
  return (
    <Dialog label={title} kind="small">
      <form
        onSubmit={(event) => {
          event.preventDefault()
          save()
        }}
      >
        <h1>{title}</h1>
        <label class="field">
          Name
          <input
            type="text"
            maxLength={50}
            required
            dir="auto"
            value={text.value}
            onInput={(event) => (text.value = event.currentTarget.value)}
          />
        </label>
        <div class="dialog-foot">
          <button type="button" onClick={uncover}>
            Cancel
          </button>
          <button type="submit" class="primary">
            Save
          </button>
        </div>
      </form>
    </Dialog>
  )
}

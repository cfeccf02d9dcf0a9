import { cover } from '../state/address.ts'
import { hasSingleKeys, setSingleKeys } from '../state/keys.ts'

/** What keys do, in this browser. */
export const Keyboard = () => (
  <section class="card">
    <h2>Keyboard</h2>
    <div class="choices">
      <label>
        <input
          type="checkbox"
          checked={hasSingleKeys.value}
          onChange={(event) => setSingleKeys(event.currentTarget.checked)}
        />
        Single letters, digits and signs do things
      </label>
    </div>
    <div class="buttons">
      <button type="button" onClick={() => cover({ kind: 'help' })}>
        Show the keyboard
      </button>
    </div>
  </section>
)

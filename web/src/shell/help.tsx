import { Dialog } from '../parts/dialog.tsx'
import { uncover } from '../state/address.ts'
import { commands } from './keyboard.ts'

const signs: Record<string, string> = {
  ArrowUp: '↑',
  ArrowDown: '↓',
  ArrowLeft: '←',
  ArrowRight: '→',
  Escape: 'Esc',
  Delete: 'Del',
}
const shown = (key: string) => signs[key] ?? (key.length === 1 ? key.toUpperCase() : key)

/** All that the keyboard does. */
export function Help() {
  return (
    <Dialog label="Keyboard" kind="help">
      <h1>Keyboard</h1>
      <dl>
        {commands.map(({ keys, words }) => (
          <div key={words}>
            <dt>{words}</dt>
            <dd>
              {keys.map((combination) => (
                <span key={combination} class="keys">
                  {combination.split(/[+ ]/).map((key) => (
                    <kbd key={key}>{shown(key)}</kbd>
                  ))}
                </span>
              ))}
            </dd>
          </div>
        ))}
      </dl>
      <div class="dialog-foot">
        <button type="button" class="primary" onClick={uncover}>
          Close
        </button>
      </div>
    </Dialog>
  )
}

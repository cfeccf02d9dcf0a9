import { onArrive } from '../state/address.ts'
import { online } from '../state/data.ts'
import { momentWords } from '../state/dates.ts'
import { createRemote, wordsOf } from '../state/remote.ts'
import { tell } from '../state/undo.ts'
import { loadTokens } from './tokens.tsx'

const remote = createRemote(() => online().sessions.list())
onArrive('settings', () => {
  void remote.load()
  void loadTokens()
})

async function end(id: string): Promise<void> {
  await online()
    .sessions.remove(id)
    .then(
      () => tell('The session is ended.'),
      (error: unknown) => tell(wordsOf(error)),
    )
  await remote.load()
}

/** Where the user is signed in. */
export function Sessions() {
  const { value = [], fault } = remote.state.value
  return (
    <section class="card">
      <h2>Where you are signed in</h2>
      {fault && <p class="form-fault">{fault}</p>}
      <ul class="things">
        {value.map(({ id, userAgent, ipAddress, lastUsedAt, current }) => (
          <li key={id}>
            <span>
              <strong>{browserOf(userAgent)}</strong>
              <span class="faint">
                {ipAddress} · {current ? 'this browser' : momentWords(lastUsedAt)}
              </span>
            </span>
            {!current && (
              <button type="button" onClick={() => void end(id)}>
                End<span class="unseen"> the session of {browserOf(userAgent)}</span>
              </button>
            )}
          </li>
        ))}
      </ul>
    </section>
  )
}

/** A few words for what calls itself many things. */
function browserOf(userAgent: string | null): string {
  const text = userAgent ?? ''
  const browser = /(Edg|OPR|Firefox|Chrome|Safari|curl)[/ ]/.exec(text)?.[1] ?? text.slice(0, 40)
  const system = /(Android|iPhone|iPad|Windows|Mac OS X|Linux)/.exec(text)?.[1]
  const names: Record<string, string> = { Edg: 'Edge', OPR: 'Opera' }
  const name = (names[browser] ?? browser) || 'Unknown'
  return system ? `${name} on ${system.replace('Mac OS X', 'macOS')}` : name
}

import type { CreatedApiToken } from '../../../client/src/index.ts'
import { online } from '../state/data.ts'
import { momentWords } from '../state/dates.ts'
import { personal } from '../state/personal.ts'
import { createRemote, wordsOf } from '../state/remote.ts'
import { tell } from '../state/undo.ts'
import { Form } from './form.tsx'

const remote = createRemote(() => online().tokens.list())
export function loadTokens(): Promise<void> {
  made.value = undefined
  return remote.load()
}

/** The token that was made just now: the server never tells it again. */
const made = personal<CreatedApiToken | undefined>(undefined)

async function remove(id: string): Promise<void> {
  await online()
    .tokens.remove(id)
    .then(
      () => {
        if (made.value?.id === id) made.value = undefined
        tell('The token is deleted.')
      },
      (error: unknown) => tell(wordsOf(error)),
    )
  await remote.load()
}

/** The tokens with which programs use Docket for the user. */
export function Tokens() {
  const { value = [], fault } = remote.state.value
  return (
    <Form
      title="API tokens"
      action="Create a token"
      note="For programs that use Docket in your place. None of them reaches your account or password."
      fields={[
        { name: 'token', words: 'What is it for?', maxLength: 100, autocomplete: 'off' },
        {
          name: 'may',
          words: 'What may it do?',
          value: 'Read and write',
          options: ['Read and write', 'Read'],
        },
      ]}
      send={async ({ token = '', may }) => {
        const scopes = [may === 'Read' ? 'tasks:read' : 'tasks:write'] as const
        made.value = await online().tokens.create({ name: token, scopes })
        await remote.load()
        return 'Copy the token now: it is shown only once.'
      }}
    >
      {made.value && (
        <p class="token">
          <code>{made.value.token}</code>
          <button type="button" onClick={() => void copy()}>
            Copy
          </button>
        </p>
      )}
      {fault && <p class="form-fault">{fault}</p>}
      <ul class="things">
        {value.map(({ id, name, scopes, lastUsedAt }) => (
          <li key={id}>
            <span>
              <strong dir="auto">{name}</strong>
              <span class="faint">
                {scopes.join(', ')} · {lastUsedAt === null ? 'never used' : `used ${momentWords(lastUsedAt)}`}
              </span>
            </span>
            <button type="button" onClick={() => void remove(id)}>
              Delete<span class="unseen"> the token {name}</span>
            </button>
          </li>
        ))}
      </ul>
    </Form>
  )
}

async function copy(): Promise<void> {
  await navigator.clipboard.writeText(made.value?.token ?? '').then(
    () => tell('Copied.'),
    () => tell('Select the token and copy it by hand.'),
  )
}

import { useSignal } from '@preact/signals'
import { online, present, profile } from '../state/data.ts'
import { wordsOf } from '../state/remote.ts'
import { atStake, deleteAccount, signOut } from '../state/session.ts'
import { cover } from '../state/address.ts'
import { tell } from '../state/undo.ts'
import { saveExport } from './export.ts'
import { Form } from './form.tsx'
import { Keyboard } from './keyboard.tsx'
import { Sessions } from './sessions.tsx'
import { Theme } from './theme.tsx'
import { Tokens } from './tokens.tsx'

/** What is the user's own to decide about the account and this browser. */
export function Settings() {
  return (
    <div class="settings">
      <Profile />
      <Theme />
      <Keyboard />
      <Password />
      <Sessions />
      <Tokens />
      <section class="card">
        <h2>Your data</h2>
        <p>Everything that you have in Docket, as one JSON file.</p>
        <div class="buttons">
          <button
            type="button"
            onClick={() => void saveExport().catch((error: unknown) => tell(wordsOf(error)))}
          >
            Export as JSON
          </button>
          <a href="/docs">Documentation of the API</a>
        </div>
      </section>
      <section class="card">
        <h2>Leave</h2>
        <p>Signing out erases what this browser keeps of your tasks. The server keeps all of it.</p>
        <div class="buttons">
          <button type="button" onClick={leave}>
            Sign out
          </button>
        </div>
        <DeleteAccount />
      </section>
    </div>
  )
}

function leave(): void {
  const count = atStake.value
  if (count === 0) return void signOut()
  cover({
    kind: 'confirm',
    words: 'Sign out and lose changes?',
    detail: `The server does not have ${count === 1 ? 'a change' : `${count} changes`} that you made here. Signing out erases what is kept in this browser.`,
    action: 'Sign out',
    run: () => void signOut(),
  })
}

const zones = Intl.supportedValuesOf('timeZone')

function Profile() {
  const me = profile.value
  if (!me) return null
  return (
    <Form
      title="You"
      action="Save"
      fields={[
        {
          name: 'name',
          words: 'Name',
          value: me.name,
          autocomplete: 'name',
          maxLength: 100,
          isOptional: true,
        },
        { name: 'timeZone', words: 'Time zone', value: me.timeZone, options: ['UTC', ...zones] },
      ]}
      note={`Signed in as ${me.email}. Days begin and end in your time zone.`}
      send={async ({ name = '', timeZone = '' }) => {
        await online().me.update({ name, timeZone })
        present().resume()
        return 'Saved.'
      }}
    />
  )
}

const Password = () => (
  <Form
    title="Password"
    action="Change the password"
    fields={[
      { name: 'current', words: 'Current password', type: 'password', autocomplete: 'current-password' },
      { name: 'next', words: 'New password', type: 'password', autocomplete: 'new-password', minLength: 8 },
    ]}
    note="Every other session ends."
    send={async ({ current = '', next = '' }) => {
      await online().changePassword({ currentPassword: current, newPassword: next })
      return 'The password is changed.'
    }}
  />
)

function DeleteAccount() {
  const isOpen = useSignal(false)
  if (!isOpen.value)
    return (
      <button type="button" class="text danger" onClick={() => (isOpen.value = true)}>
        Delete the account…
      </button>
    )
  return (
    <Form
      title="Delete the account"
      action="Delete everything for good"
      isDanger
      fields={[{ name: 'password', words: 'Password', type: 'password', autocomplete: 'current-password' }]}
      note="The account and all that is in it is erased. Nothing brings it back."
      send={async ({ password = '' }) => {
        await deleteAccount(password)
        return ''
      }}
    />
  )
}

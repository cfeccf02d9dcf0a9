import { useSignal } from '@preact/signals'
import { Form, type Field } from '../settings/form.tsx'
import { atStake, enter, isShutOut, register, signOut } from '../state/session.ts'
import { profile } from '../state/data.ts'

const password: Field = { name: 'password', words: 'Password', type: 'password' }

/** Signs in, or registers. */
export function Entry() {
  const isNew = useSignal(false)
  const email: Field = { name: 'email', words: 'E-mail', type: 'email', autocomplete: 'username' }
  return (
    <main class="entry">
      <p class="brand">
        <img src="/icon.svg" alt="" width="40" height="40" /> Docket
      </p>
      <h1 class="unseen">Docket</h1>
      {isShutOut.value && <ShutOut />}
      {isNew.value ? (
        <Form
          key="new"
          title="Create an account"
          action="Register"
          fields={[
            { name: 'name', words: 'Name', autocomplete: 'name', maxLength: 100, isOptional: true },
            email,
            { ...password, autocomplete: 'new-password', minLength: 8 },
            { name: 'invite', words: 'Invitation, if you have one', autocomplete: 'off', isOptional: true },
          ]}
          send={async ({ email: address = '', password: word = '', name = '', invite = '' }) => {
            await register({ email: address, password: word, name, invite })
            return ''
          }}
        />
      ) : (
        <Form
          key="known"
          title="Sign in"
          action="Sign in"
          fields={[
            { ...email, value: profile.value?.email ?? '' },
            { ...password, autocomplete: 'current-password' },
          ]}
          send={async ({ email: address = '', password: word = '' }) => {
            await enter({ email: address, password: word })
            return ''
          }}
        />
      )}
      <button type="button" class="text" onClick={() => (isNew.value = !isNew.value)}>
        {isNew.value ? 'I have an account: sign in' : 'Create an account'}
      </button>
    </main>
  )
}

/** The session was ended elsewhere, or ran out. What is not sent waits. */
function ShutOut() {
  const count = atStake.value
  return (
    <section class="card attention">
      <h2>Your session has ended</h2>
      <p>
        {count === 0
          ? 'Sign in again to go on.'
          : `Sign in again: ${count === 1 ? 'a change' : `${count} changes`} that you made here will be sent then.`}
      </p>
      <button type="button" class="text danger" onClick={() => void signOut()}>
        Erase what this browser keeps
      </button>
    </section>
  )
}

import { useSignal } from '@preact/signals'
import type { ComponentChildren, InputHTMLAttributes } from 'preact'
import { Problem } from '../../../client/src/index.ts'
import { wordsOf } from '../state/remote.ts'

/** A field of a form. */
export interface Field {
  name: string
  words: string
  value?: string
  type?: 'text' | 'email' | 'password'
  autocomplete?: string
  options?: readonly string[]
  minLength?: number
  maxLength?: number
  isOptional?: boolean
}

/** What the user typed, under the names of the fields. */
export type Values = Readonly<Record<string, string | undefined>>

/** A form that sends itself, and says what came of it beside the fields that are at fault. */
export function Form({
  title,
  action,
  fields,
  note,
  isDanger = false,
  send,
  children,
}: {
  title: string
  action: string
  fields: readonly Field[]
  note?: string
  isDanger?: boolean
  /** Returns what to say. What it throws is said too. */
  send: (values: Values) => Promise<string>
  /** What belongs to it, such as a list of what it made. */
  children?: ComponentChildren
}) {
  const words = useSignal('')
  const fault = useSignal<unknown>(undefined)
  const isBusy = useSignal(false)

  const submit = async (form: HTMLFormElement) => {
    if (isBusy.value) return
    const given = new FormData(form)
    isBusy.value = true
    fault.value = undefined
    words.value = ''
    try {
      words.value = await send(Object.fromEntries(fields.map(({ name }) => [name, textIn(given, name)])))
      for (const field of form.querySelectorAll('input[type=password]')) {
        if (field instanceof HTMLInputElement) field.value = ''
      }
    } catch (error) {
      fault.value = error
    }
    isBusy.value = false
  }

  return (
    <section class="card">
      <h2>{title}</h2>
      {note && <p class="faint">{note}</p>}
      <form
        onSubmit={(event) => {
          event.preventDefault()
          void submit(event.currentTarget)
        }}
      >
        {fields.map((field) => (
          <FieldOf key={`${field.name} ${field.value}`} {...field} />
        ))}
        <p class="form-fault" role="alert">
          {fault.value !== undefined && faultWords(fault.value)}
        </p>
        <p class="form-words" role="status">
          {words.value}
        </p>
        <button type="submit" class={isDanger ? 'primary danger' : 'primary'} aria-disabled={isBusy.value}>
          {action}
        </button>
      </form>
      {children}
    </section>
  )
}

function FieldOf({ name, words, value, type = 'text', options, isOptional = false, ...more }: Field) {
  return (
    <label class="field">
      {words}
      {options ? (
        <select name={name}>
          {[...new Set([value ?? '', ...options])].map((option) => (
            <option key={option} selected={option === value}>
              {option}
            </option>
          ))}
        </select>
      ) : (
        <Input
          {...more}
          name={name}
          type={type}
          defaultValue={value ?? ''}
          required={!isOptional}
          dir={type === 'text' ? 'auto' : 'ltr'}
        />
      )}
    </label>
  )
}

function Input({
  type,
  ...more
}: { type: NonNullable<Field['type']> } & Omit<InputHTMLAttributes, 'type' | 'role'>) {
  if (type === 'password') return <input {...more} type="password" />
  return type === 'email' ? <input {...more} type="email" /> : <input {...more} type="text" />
}

const textIn = (given: FormData, name: string): string => {
  const value = given.get(name)
  return typeof value === 'string' ? value : ''
}

/** All that is at fault, each in the server's words. */
function faultWords(error: unknown): string {
  if (!(error instanceof Problem)) return wordsOf(error)
  if (error.faults.length === 0) return error.detail
  return error.faults
    .map(({ pointer = '', detail }) => `${pointer.replace(/^\//, '')} ${detail}`.trim())
    .join('. ')
}

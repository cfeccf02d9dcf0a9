import { useSignal } from '@preact/signals'
import type { Conflict, Write } from '../../../client/src/replica/replica.ts'
import { Icon } from '../parts/icon.tsx'
import { conflicts, present, projectById, refused, taskById } from '../state/data.ts'
import { dueWords } from '../state/dates.ts'
import { recurrenceWords } from '../state/recurrence.ts'
import { dueIn } from '../state/today.ts'

const fieldNames: Record<string, string> = {
  title: 'Title',
  name: 'Name',
  description: 'Description',
  dueDate: 'Due',
  recurrence: 'Repeats',
  status: 'Status',
  priority: 'Priority',
  labels: 'Labels',
  projectId: 'Project',
  parentId: 'Below',
  position: 'Order',
  color: 'Colour',
}
export const fieldName = (name: string): string => fieldNames[name] ?? name

/** A value of a field, as people say it. */
export function valueWords(name: string, value: unknown): string {
  if (value === null || value === undefined || value === '') return 'none'
  if (Array.isArray(value)) return value.length === 0 ? 'none' : value.join(', ')
  if (typeof value === 'object' && 'rule' in value && typeof value.rule === 'string')
    return recurrenceWords({ rule: value.rule, from: 'due' })
  return typeof value === 'string' ? textWords(name, value) : JSON.stringify(value)
}

function textWords(name: string, value: string): string {
  if (name === 'projectId') return projectById.value.get(value)?.name ?? 'another project'
  if (name === 'parentId') return taskById(value)?.title ?? 'another task'
  if (name === 'dueDate') return dueWords(dueIn(value))
  return name === 'status' ? value.replaceAll('_', ' ') : value
}

/** What needs the user, about one task. */
export const ConflictsOf = ({ id }: { id: string }) => (
  <>
    {conflicts.value
      .filter(({ write }) => write.thing === id)
      .map((conflict) => (
        <ConflictCard key={conflict.write.id} conflict={conflict} />
      ))}
    {refused.value
      .filter((write) => write.thing === id)
      .map((write) => (
        <RefusalCard key={write.id} write={write} />
      ))}
  </>
)

/** Both versions of what two devices changed, to choose from. */
export function ConflictCard({ conflict }: { conflict: Conflict }) {
  const { write, fields } = conflict
  const choice = useSignal<Readonly<Record<string, 'mine' | 'theirs'>>>({})
  const isRemoval = write.verb === 'remove'
  const of = fields.map(({ name }) => fieldName(name)).join(', ')
  const chosenOf = (name: string) => choice.value[name] ?? 'mine'
  const decide = () => {
    if (fields.every(({ name }) => chosenOf(name) === 'theirs')) return present().resolve(conflict, 'theirs')
    if (isRemoval) return present().resolve(conflict, 'mine')
    const values: Record<string, unknown> = {}
    for (const { name, mine, theirs } of fields) values[name] = chosenOf(name) === 'mine' ? mine : theirs
    present().resolve(conflict, values)
  }
  return (
    <section class="card attention" aria-label={`Changed on two devices: ${of}`}>
      <h2>
        <Icon name="warning" /> Changed on two devices
      </h2>
      {isRemoval && <p>You deleted this, and it was changed elsewhere since.</p>}
      {!isRemoval &&
        fields.map(({ name, mine, theirs }) => (
          <fieldset key={name}>
            <legend>{fieldName(name)}</legend>
            {(
              [
                ['mine', 'Here', mine],
                ['theirs', 'Elsewhere', theirs],
              ] as const
            ).map(([which, words, value]) => (
              <label key={which} class="version">
                <input
                  type="radio"
                  name={`${write.id} ${name}`}
                  checked={chosenOf(name) === which}
                  onChange={() => (choice.value = { ...choice.value, [name]: which })}
                />
                <span class="version-name">{words}</span>
                <span class="version-value" dir="auto">
                  {valueWords(name, value)}
                </span>
              </label>
            ))}
          </fieldset>
        ))}
      <div class="buttons">
        <button type="button" class="primary" onClick={decide}>
          {isRemoval ? 'Delete it all the same' : 'Keep what is chosen'}
        </button>
        {isRemoval && (
          <button type="button" onClick={() => present().resolve(conflict, 'theirs')}>
            Keep it
          </button>
        )}
      </div>
    </section>
  )
}

/** What the server does not take, and why. */
export function RefusalCard({ write }: { write: Write }) {
  const { refusal, verb } = write
  return (
    <section class="card attention" aria-label="Not accepted">
      <h2>
        <Icon name="warning" /> {verbWords[verb]} was not accepted
      </h2>
      {refusal?.faults.length === 0 && <p>{refusal.detail}</p>}
      {refusal?.faults.map(({ pointer, detail }) => (
        <p key={pointer}>
          {pointer && `${fieldName(pointer.split('/')[1] ?? '')}: `}
          {detail}
        </p>
      ))}
      <div class="buttons">
        <button type="button" class="primary" onClick={() => present().retry(write)}>
          Try again
        </button>
        <button type="button" onClick={() => present().drop(write)}>
          Let go of it
        </button>
      </div>
    </section>
  )
}

const verbWords = {
  create: 'A new task',
  update: 'A change',
  remove: 'A deletion',
  restore: 'A restore',
  skip: 'A skip',
  undo: 'An undo',
}

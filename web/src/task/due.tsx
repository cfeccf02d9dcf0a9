import { useSignal } from '@preact/signals'
import { useMemo } from 'preact/hooks'
import { formatDay } from '../../../client/src/words/days.ts'
import { Dialog } from '../parts/dialog.tsx'
import { focusFirst } from '../parts/focus.ts'
import { heldOf, patch } from '../state/actions.ts'
import { uncover } from '../state/address.ts'
import { dueWords } from '../state/dates.ts'
import { recurrenceWords } from '../state/recurrence.ts'
import { dueIn } from '../state/today.ts'
import { soon } from '../state/week.ts'
import { onceReadable, readLine } from '../state/words.ts'
import { changesOf, choiceOf, commonOf, fieldsOf, nothing, type Choice } from './due-choice.ts'

const noDate = /^(?:no date|none|never)$/i

/** Chooses when tasks are due, and how they recur: in words, or field by field. */
export function DueDialog({ ids }: { ids: readonly string[] }) {
  const before = useMemo(() => commonOf(heldOf(ids)), [ids])
  const choice = useSignal(before)
  const line = useSignal('')
  const isUnderstood = useSignal(true)
  const { date, time, rule, from } = choice.value
  /** What is chosen field by field takes the place of what was typed. */
  const set = (more: Partial<Choice>) => {
    choice.value = { ...choice.value, ...more }
    line.value = ''
    isUnderstood.value = true
  }

  const read = (text: string) => {
    const { dueDate, recurrence } = readLine(text)
    const isNone = noDate.test(text.trim())
    isUnderstood.value = text.trim() === '' || isNone || dueDate !== undefined
    if (isNone) choice.value = { ...nothing }
    // Another date alone leaves a task as it recurs.
    else if (dueDate !== undefined)
      choice.value = { ...choiceOf({ dueDate }), ...(recurrence ?? { rule: before.rule, from: before.from }) }
  }
  const save = () => {
    if (!isUnderstood.value) return
    const fields = changesOf(before, choice.value)
    uncover()
    const { dueDate } = fieldsOf(choice.value)
    const when = dueDate ? dueWords(dueIn(dueDate)) : 'No due date'
    patch(ids, (of) => `${when}: ${of}`, fields)
  }

  return (
    <Dialog label="Due" kind="due-dialog">
      <form
        onSubmit={(event) => {
          event.preventDefault()
          save()
        }}
      >
        <input
          class="add-line"
          aria-label="When, in words"
          placeholder="tomorrow 5pm, every Monday…"
          autocomplete="off"
          ref={focusFirst}
          aria-describedby="due-understood"
          value={line.value}
          onInput={(event) => {
            line.value = event.currentTarget.value
            onceReadable(() => read(line.value))
          }}
        />
        <p id="due-understood" class="faint" role="status">
          {line.value !== '' && understood(choice.value, isUnderstood.value)}
        </p>
        <div class="soon">
          {soon.value.map(({ words, day }) => (
            <button
              key={words}
              type="button"
              aria-pressed={date === formatDay(day)}
              onClick={() => set({ date: formatDay(day) })}
            >
              {words}
            </button>
          ))}
        </div>
        <div class="fields">
          <label>
            Date
            <input
              type="date"
              min="1970-01-01"
              max="9999-12-31"
              value={date}
              onInput={(event) => set({ date: event.currentTarget.value })}
            />
          </label>
          <label>
            Time
            <input
              type="time"
              value={time}
              disabled={date === ''}
              onInput={(event) => set({ time: event.currentTarget.value })}
            />
          </label>
          <label class="wide">
            Repeats, as a rule
            <input
              type="text"
              placeholder="FREQ=WEEKLY;BYDAY=MO"
              spellcheck={false}
              maxLength={500}
              value={rule}
              disabled={date === ''}
              onInput={(event) => set({ rule: event.currentTarget.value })}
            />
          </label>
          {rule !== '' && (
            <p class="wide faint" aria-live="polite">
              {recurrenceWords({ rule, from })}
            </p>
          )}
          {rule !== '' && (
            <label class="wide check">
              <input
                type="checkbox"
                checked={from === 'completion'}
                onChange={(event) => set({ from: event.currentTarget.checked ? 'completion' : 'due' })}
              />
              Count from the day it is done
            </label>
          )}
        </div>
        <div class="dialog-foot">
          <button type="button" onClick={() => set(nothing)}>
            No date
          </button>
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

/** What a line was taken for. */
function understood({ date, time, rule, from }: Choice, isUnderstood: boolean): string {
  if (!isUnderstood) return 'This is not understood yet.'
  const { dueDate } = fieldsOf({ date, time, rule, from })
  if (!dueDate) return 'No date'
  return [dueWords(dueIn(dueDate)), rule && recurrenceWords({ rule, from })].filter(Boolean).join(', ')
}

import { useSignal } from '@preact/signals'
import { useMemo } from 'preact/hooks'
import type { TaskPatch } from '../../../client/src/index.ts'
import { formatDay, formatInstant, instantOf, wallAt } from '../../../client/src/words/days.ts'
import { Dialog } from '../parts/dialog.tsx'
import { focusFirst } from '../parts/focus.ts'
import { heldOf, patch } from '../state/actions.ts'
import { uncover } from '../state/address.ts'
import { dueWords } from '../state/dates.ts'
import { recurrenceWords } from '../state/recurrence.ts'
import { dueIn, timeZone } from '../state/today.ts'
import { soon } from '../state/week.ts'
import { onceReadable, readLine } from '../state/words.ts'

const hourMinutes = 60
const noDate = /^(?:no date|none|never)$/i

/** What is being chosen, in the forms that the fields of a form have. */
interface Choice {
  date: string
  time: string
  rule: string
  from: 'due' | 'completion'
}

const nothing: Choice = { date: '', time: '', rule: '', from: 'due' }

/** Chooses when tasks are due, and how they recur: in words, or field by field. */
export function DueDialog({ ids }: { ids: readonly string[] }) {
  const before = useMemo(() => commonOf(heldOf(ids)), [ids])
  const choice = useSignal(before)
  const line = useSignal('')
  const isUnderstood = useSignal(true)
  const set = (more: Partial<Choice>) => (choice.value = { ...choice.value, ...more })
  const { date, time, rule, from } = choice.value

  const read = (text: string) => {
    const { dueDate, recurrence = null } = readLine(text)
    const isNone = noDate.test(text.trim())
    isUnderstood.value = text.trim() === '' || isNone || dueDate !== undefined
    if (isNone) set(nothing)
    else if (dueDate !== undefined) set(choiceOf({ dueDate, recurrence }))
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

type When = Pick<TaskPatch, 'dueDate' | 'recurrence'>

/** What a line was taken for. */
function understood({ date, time, rule, from }: Choice, isUnderstood: boolean): string {
  if (!isUnderstood) return 'This is not understood yet.'
  const { dueDate } = fieldsOf({ date, time, rule, from })
  if (!dueDate) return 'No date'
  return [dueWords(dueIn(dueDate)), rule && recurrenceWords({ rule, from })].filter(Boolean).join(', ')
}

/** When the tasks are due, if they all are then. */
function commonOf([first, ...others]: readonly When[]): Choice {
  const choice = choiceOf(first)
  return others.every((one) => isSame(choiceOf(one), choice)) ? choice : nothing
}

const isSame = (a: Choice, b: Choice, names: readonly (keyof Choice)[] = ['date', 'time', 'rule', 'from']) =>
  names.every((name) => a[name] === b[name])

/** Only what was chosen: tasks that are due at different times keep what they have otherwise. */
function changesOf(before: Choice, after: Choice): TaskPatch {
  if (after === before) return {}
  const { dueDate = null, recurrence = null } = fieldsOf(after)
  if (dueDate === null) return { dueDate, recurrence }
  return {
    ...(!isSame(before, after, ['date', 'time']) && { dueDate }),
    ...(!isSame(before, after, ['rule', 'from']) && { recurrence }),
  }
}

function choiceOf(when: When | undefined): Choice {
  const repeats = { rule: when?.recurrence?.rule ?? '', from: when?.recurrence?.from ?? 'due' }
  if (!when?.dueDate) return { ...nothing, ...repeats }
  const { day, instant } = dueIn(when.dueDate)
  const time = instant === undefined ? '' : timeText(wallAt(instant, timeZone.value).time)
  return { date: formatDay(day), time, ...repeats }
}

const two = (count: number) => String(count).padStart(2, '0')
const timeText = (time: number) => `${two(Math.floor(time / hourMinutes))}:${two(time % hourMinutes)}`

function fieldsOf({ date, time, rule, from }: Choice): TaskPatch {
  if (date === '') return { dueDate: null, recurrence: null }
  const [hours = 0, minutes = 0] = time.split(':').map(Number)
  const zone = timeZone.value
  const dueDate =
    time === '' ? date : formatInstant(instantOf(dueIn(date).day, hours * hourMinutes + minutes, zone), zone)
  const text = rule.trim().replace(/^RRULE:/i, '')
  return { dueDate, recurrence: text === '' ? null : { rule: text, from } }
}

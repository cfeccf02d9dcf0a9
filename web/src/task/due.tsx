import { useSignal } from '@preact/signals'
import type { Task, TaskPatch } from '../../../client/src/index.ts'
import {
  formatDay,
  formatInstant,
  instantOf,
  partsOf,
  wallAt,
  type Day,
} from '../../../client/src/words/days.ts'
import { Dialog } from '../parts/dialog.tsx'
import { focusFirst } from '../parts/focus.ts'
import { heldOf, patch } from '../state/actions.ts'
import { uncover } from '../state/address.ts'
import { dueWords } from '../state/dates.ts'
import { recurrenceWords } from '../state/recurrence.ts'
import { dueIn, timeZone, today } from '../state/today.ts'
import { readLine } from '../state/words.ts'

const hourMinutes = 60
const week = 7

/** What is being chosen, in the forms that the fields of a form have. */
interface Choice {
  date: string
  time: string
  rule: string
  from: 'due' | 'completion'
}

/** Chooses when tasks are due, and how they recur: in words, or field by field. */
export function DueDialog({ ids }: { ids: readonly string[] }) {
  const [first] = heldOf(ids)
  const choice = useSignal<Choice>(choiceOf(first))
  const line = useSignal('')
  const set = (more: Partial<Choice>) => (choice.value = { ...choice.value, ...more })
  const { date, time, rule, from } = choice.value
  const soon: readonly [words: string, day: Day][] = [
    ['Today', today.value],
    ['Tomorrow', today.value + 1],
    ['Weekend', today.value + ((5 - partsOf(today.value).weekday + week) % week)],
    ['Next week', today.value + week - partsOf(today.value).weekday],
  ]

  const read = (text: string) => {
    line.value = text
    const words = readLine(text)
    if (words.dueDate === undefined) return
    set(choiceOf({ dueDate: words.dueDate, recurrence: words.recurrence ?? null }))
  }
  const save = () => {
    const fields = fieldsOf(choice.value)
    uncover()
    const when = fields.dueDate ? dueWords(dueIn(fields.dueDate)) : 'No due date'
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
          value={line.value}
          onInput={(event) => read(event.currentTarget.value)}
        />
        <div class="soon">
          {soon.map(([words, day]) => (
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
          <button type="button" onClick={() => set({ date: '', time: '', rule: '' })}>
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

type When = { dueDate: string | null; recurrence: { rule: string; from: 'due' | 'completion' } | null }

function choiceOf(when: Pick<Task, 'dueDate' | 'recurrence'> | When | undefined): Choice {
  const repeats = { rule: when?.recurrence?.rule ?? '', from: when?.recurrence?.from ?? 'due' }
  if (!when?.dueDate) return { date: '', time: '', ...repeats }
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

import { useSignal } from '@preact/signals'
import { useMemo } from 'preact/hooks'
import type { HistoryItem, Task } from '../../../client/src/index.ts'
import { Icon } from '../parts/icon.tsx'
import { online, present } from '../state/data.ts'
import { momentWords } from '../state/dates.ts'
import { createRemote } from '../state/remote.ts'
import { did } from '../state/undo.ts'
import { fieldName, valueWords } from './conflicts.tsx'

const mostShown = 100
const actions = { create: 'Added', update: 'Changed', delete: 'Deleted', restore: 'Restored' }

/** Who changed what and when, once somebody asks. */
export function HistoryOf({ task }: { task: Task }) {
  const isShown = useSignal(false)
  const remote = useMemo(() => createRemote(() => read(task.id)), [task.id])
  const { value = [], isLoading, fault } = remote.state.value
  return (
    <section class="history" aria-label="History">
      <button
        type="button"
        class="text"
        aria-expanded={isShown.value}
        onClick={() => {
          isShown.value = !isShown.value
          if (isShown.value) void remote.load()
        }}
      >
        <Icon name="history" /> History
      </button>
      {isShown.value && (
        <ol aria-busy={isLoading}>
          {value.map((item) => (
            <Item key={item.revision} item={item} task={task} />
          ))}
          {fault && <li>{fault}</li>}
        </ol>
      )}
    </section>
  )
}

async function read(id: string): Promise<readonly HistoryItem[]> {
  await present().sent()
  const items: HistoryItem[] = []
  for await (const item of online().tasks.history(id)) {
    items.push(item)
    if (items.length === mostShown) break
  }
  return items
}

function Item({ item, task }: { item: HistoryItem; task: Task }) {
  const changed = Object.entries(item.fields).filter(
    ([name]) => name !== 'completedAt' && name !== 'position',
  )
  return (
    <li>
      <span class="history-head">
        {actions[item.action]} {item.origin === 'undo' && '(undo) '}· {momentWords(item.at)}
        {item.action === 'update' && (
          <button type="button" class="text" onClick={() => takeBack(item, task)}>
            Undo
          </button>
        )}
      </span>
      {item.action === 'update' &&
        changed.map(([name, { from, to }]) => (
          <span key={name} class="history-change" dir="auto">
            {fieldName(name)}: <del>{valueWords(name, from)}</del> <ins>{valueWords(name, to)}</ins>
          </span>
        ))}
    </li>
  )
}

/** Undoes a change of the past. */
function takeBack({ revision, fields }: HistoryItem, { id, title }: Task): void {
  const values = (which: 'from' | 'to') =>
    Object.fromEntries(Object.entries(fields).map(([name, change]) => [name, change[which]]))
  const undone = present().undo({
    id: String(revision),
    kind: 'task',
    thing: id,
    verb: 'update',
    state: 'done',
    fields: values('to'),
    base: values('from'),
    conflicts: [],
    revision,
  })
  if (undone) did(`Undid a change of “${title}”`, [undone])
}

import { overdueTasks, type Row } from '../state/lists.ts'
import { setDay } from '../state/actions.ts'
import { today } from '../state/today.ts'

/** The title of a part of a list. */
export function Heading({ row, top }: { row: Row & { kind: 'heading' }; top: number }) {
  return (
    <li class={`row heading ${row.isOverdue ? 'overdue' : ''}`} style={{ transform: `translateY(${top}px)` }}>
      <h2>{row.title}</h2>
      <span class="count" aria-hidden="true">
        {row.count}
      </span>
      {row.isOverdue && (
        <button
          type="button"
          class="text"
          onClick={() =>
            setDay(
              overdueTasks.value.map(({ id }) => id),
              today.value,
            )
          }
        >
          All to today
        </button>
      )}
    </li>
  )
}

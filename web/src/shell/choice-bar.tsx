import { dueItems, labelItems, priorityItems, projectItems, taskMenu } from '../list/task-menu.ts'
import { Icon, type IconName } from '../parts/icon.tsx'
import { openMenu } from '../parts/menu.tsx'
import { remove, toggle } from '../state/actions.ts'
import { place } from '../state/address.ts'
import type { MenuItem } from '../state/covers.ts'
import { choose, chosen } from '../state/cursor.ts'

/** What can be done with the tasks that are selected. */
export function ChoiceBar() {
  const ids = [...chosen.value]
  if (ids.length === 0) return null
  return (
    <div class="choice-bar" role="toolbar" aria-label="Selected tasks">
      <span class="choice-count">
        {ids.length} <span class="choice-word">selected</span>
      </span>
      {place.value.view === 'trash' ? (
        <Choice icon="more" words="Actions" items={() => taskMenu(ids)} />
      ) : (
        <>
          <button type="button" onClick={() => toggle(ids)}>
            <Icon name="check" /> <span>Complete</span>
          </button>
          <Choice icon="calendar" words="Due" items={() => dueItems(ids)} />
          <Choice icon="flag" words="Priority" items={() => priorityItems(ids)} />
          <Choice icon="label" words="Labels" items={() => labelItems(ids)} />
          <Choice icon="project" words="Move" items={() => projectItems(ids)} />
          <button type="button" class="danger" onClick={() => remove(ids)}>
            <Icon name="trash" /> <span>Delete</span>
          </button>
        </>
      )}
      <button type="button" class="quiet" aria-label="Select none" onClick={() => choose([])}>
        <Icon name="close" />
      </button>
    </div>
  )
}

const Choice = ({
  icon,
  words,
  items,
}: {
  icon: IconName
  words: string
  items: () => readonly MenuItem[]
}) => (
  <button
    type="button"
    aria-haspopup="menu"
    onClick={(event) => openMenu(event.currentTarget, words, items())}
  >
    <Icon name={icon} /> <span>{words}</span>
  </button>
)

import { Icon } from '../parts/icon.tsx'
import { openMenu } from '../parts/menu.tsx'
import { removeLabel } from '../state/actions.ts'
import { cover, hrefOf } from '../state/address.ts'
import { labels } from '../state/data.ts'

/** All labels in use. */
export const Labels = () => (
  <>
    {labels.value.length === 0 && <p class="empty-words">A label comes with the first task that has it.</p>}
    <ul class="plain-list">
      {labels.value.map(({ name, tasks }) => (
        <li key={name}>
          <a class="nav-link" href={hrefOf({ view: 'label', of: name })}>
            <Icon name="label" />
            <span class="nav-words" dir="auto">
              {name}
            </span>
            <span class="count">{tasks}</span>
          </a>
          <button
            type="button"
            class="quiet"
            aria-haspopup="menu"
            aria-label={`Actions for ${name}`}
            onClick={(event) =>
              openMenu(event.currentTarget, name, [
                { words: 'Rename…', icon: 'note', run: () => cover({ kind: 'label', name }) },
                {
                  words: 'Remove from all tasks',
                  icon: 'trash',
                  isDanger: true,
                  run: () => removeLabel(name),
                },
              ])
            }
          >
            <Icon name="more" />
          </button>
        </li>
      ))}
    </ul>
  </>
)

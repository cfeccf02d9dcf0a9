import { focusFirst } from '../parts/focus.ts'
import { Icon } from '../parts/icon.tsx'
import { openMenu } from '../parts/menu.tsx'
import { focusCursor, List, listKey } from '../list/list.tsx'
import { cover, go, place } from '../state/address.ts'
import { isLoaded, projectById } from '../state/data.ts'
import { isList, rows, title } from '../state/lists.ts'
import { loadTrash, trash } from '../state/trash.ts'
import { Attention } from './attention.tsx'
import { Labels } from './labels.tsx'
import { projectMenu } from './sidebar.tsx'
import { Settings } from '../settings/settings.tsx'

/** The list, or what else is where the user is. */
export function ViewOf() {
  const { view } = place.value
  return (
    <div class={`view ${view}`}>
      <header class="view-head">
        <h1 class="view-title" tabIndex={-1} dir="auto">
          {title.value}
        </h1>
        <ProjectActions />
      </header>
      {view === 'search' && <SearchField />}
      {view === 'labels' && <Labels />}
      {view === 'attention' && <Attention />}
      {view === 'settings' && <Settings />}
      {view === 'trash' && <TrashState />}
      {isList(view) && <List key={listKey.value} />}
      {isList(view) && rows.value.length === 0 && <Empty />}
    </div>
  )
}

function ProjectActions() {
  const { view, of } = place.value
  const project = view === 'project' && of !== undefined ? projectById.value.get(of) : undefined
  if (!project) return null
  return (
    <button
      type="button"
      class="quiet"
      aria-haspopup="menu"
      aria-label={`Actions for ${project.name}`}
      onClick={(event) => openMenu(event.currentTarget, project.name, projectMenu(project))}
    >
      <Icon name="more" />
    </button>
  )
}

/** Finds with each letter. Nothing is asked of the server. What is found is an arrow away. */
function SearchField() {
  return (
    <input
      type="search"
      class="search-field"
      aria-label="Search"
      placeholder="Search titles, descriptions and labels"
      dir="auto"
      ref={focusFirst}
      value={place.value.of ?? ''}
      onInput={(event) => go({ view: 'search', of: event.currentTarget.value }, { replace: true })}
      onKeyDown={(event) => {
        if (!['ArrowDown', 'Enter', 'Escape'].includes(event.key)) return
        event.preventDefault()
        focusCursor()
      }}
    />
  )
}

function TrashState() {
  const { isLoading, fault, value } = trash.value
  if (fault)
    return (
      <p class="empty-words">
        {fault}{' '}
        <button type="button" class="text" onClick={() => void loadTrash()}>
          Try again
        </button>
      </p>
    )
  if (isLoading && !value) return <p class="empty-words">Loading…</p>
  return <p class="view-note">What is deleted is kept here for a while, and then erased.</p>
}

const words: Record<string, string> = {
  inbox: 'Your inbox is empty. Whatever comes to mind goes here first.',
  today: 'Nothing is due today.',
  upcoming: 'Nothing is due after today.',
  project: 'There is nothing in this project yet.',
  label: 'Nothing to be done has this label.',
  search: 'Nothing is found.',
  done: 'What you complete is kept here.',
  trash: 'The trash is empty.',
}

function Empty() {
  const { view, of } = place.value
  if (!isLoaded.value) return <p class="empty-words">Loading…</p>
  if (view === 'search' && !of) return <p class="empty-words">Type to search in all tasks, done ones too.</p>
  if (view === 'trash' && (trash.value.isLoading || trash.value.fault)) return null
  const canAdd = view === 'inbox' || view === 'today' || view === 'project'
  return (
    <div class="empty">
      <Icon name="check" />
      <p>{words[view]}</p>
      {canAdd && (
        <button type="button" onClick={() => cover({ kind: 'add' })}>
          Add a task
        </button>
      )}
    </div>
  )
}

import type { Project } from '../../../client/src/index.ts'
import { Icon, type IconName } from '../parts/icon.tsx'
import { openMenu } from '../parts/menu.tsx'
import { changeProject, removeProject, shiftProject } from '../state/actions.ts'
import { cover, hrefOf, place, uncover, type Place } from '../state/address.ts'
import { connection, needs, projects, status, unsent } from '../state/data.ts'
import { counts, overdueTasks, todayTasks } from '../state/lists.ts'
import type { MenuItem } from '../state/covers.ts'
import { lastDeed, undo } from '../state/undo.ts'

/** Where one can go. */
export function Sidebar() {
  return (
    <nav class="sidebar" aria-label="Lists">
      <button type="button" class="add-button" onClick={() => cover({ kind: 'add' })}>
        <Icon name="add" /> Add task <kbd>Q</kbd>
      </button>
      <ul>
        <Link to={{ view: 'search', of: '' }} icon="search" words="Search" />
        <Link to={{ view: 'inbox' }} icon="inbox" words="Inbox" count={counts.value.get(null)} drop="" />
        <Link
          to={{ view: 'today' }}
          icon="star"
          words="Today"
          count={todayTasks.value.length + overdueTasks.value.length}
        />
        <Link to={{ view: 'upcoming' }} icon="calendar" words="Upcoming" />
        <Link to={{ view: 'labels' }} icon="label" words="Labels" />
        {needs.value > 0 && (
          <Link to={{ view: 'attention' }} icon="warning" words="Needs you" count={needs.value} />
        )}
      </ul>
      <div class="sidebar-head">
        <h2>Projects</h2>
        <button
          type="button"
          class="quiet"
          aria-label="Add a project"
          onClick={() => cover({ kind: 'project' })}
        >
          <Icon name="add" />
        </button>
      </div>
      <ul>
        {projects.value.map((project) => (
          <ProjectLink key={project.id} project={project} />
        ))}
      </ul>
      <ul class="sidebar-foot">
        <Undo />
        <Link to={{ view: 'done' }} icon="check" words="Done" />
        <Link to={{ view: 'trash' }} icon="trash" words="Trash" />
        <Link to={{ view: 'settings' }} icon="settings" words="Settings" />
      </ul>
      <Connection />
    </nav>
  )
}

/** For those who have no keyboard, when the notice is gone. */
function Undo() {
  if (lastDeed.value === undefined) return null
  const press = () => {
    uncover()
    undo()
  }
  return (
    <li class="undo">
      <button type="button" class="nav-link" onClick={press}>
        <Icon name="history" />
        <span class="nav-words" dir="auto">
          Undo: {lastDeed.value}
        </span>
      </button>
    </li>
  )
}

const isHere = ({ view, of }: Place): boolean =>
  place.value.view === view && (view === 'search' || (place.value.of ?? '') === (of ?? ''))

function Link({
  to,
  icon,
  words,
  count,
  drop,
}: {
  to: Place
  icon: IconName
  words: string
  count?: number | undefined
  drop?: string
}) {
  return (
    <li>
      <a
        class={`nav-link ${to.view}`}
        href={hrefOf(to)}
        aria-current={isHere(to) ? 'page' : undefined}
        data-drop={drop}
        draggable={false}
      >
        <Icon name={icon} /> <span class="nav-words">{words}</span>
        <Count of={count} />
      </a>
    </li>
  )
}

const Count = ({ of = 0 }: { of?: number | undefined }) =>
  of > 0 ? (
    <span class="count">
      {of} <span class="unseen">tasks</span>
    </span>
  ) : null

function ProjectLink({ project }: { project: Project }) {
  const { id, name, color } = project
  return (
    <li class="nav-project">
      <a
        class="nav-link"
        href={hrefOf({ view: 'project', of: id })}
        aria-current={isHere({ view: 'project', of: id }) ? 'page' : undefined}
        data-drop={id}
        draggable={false}
      >
        <span class="dot" style={color ? { background: color } : {}} />
        <span class="nav-words" dir="auto">
          {name}
        </span>
        <Count of={counts.value.get(id)} />
      </a>
      <button
        type="button"
        class="quiet more"
        aria-haspopup="menu"
        aria-label={`Actions for ${name}`}
        onClick={(event) => openMenu(event.currentTarget, name, projectMenu(project))}
      >
        <Icon name="more" />
      </button>
    </li>
  )
}

/** What can be done with a project. */
export const projectMenu = (project: Project): readonly MenuItem[] => [
  { words: 'Edit…', icon: 'note', run: () => cover({ kind: 'project', project }) },
  { words: 'Up', icon: 'up', run: () => shiftProject(project, -1) },
  { words: 'Down', icon: 'down', run: () => shiftProject(project, 1) },
  ...(project.color === null
    ? []
    : [{ words: 'No colour', icon: 'close', run: () => changeProject(project, { color: null }) } as const]),
  { words: 'Delete, keep its tasks', icon: 'folder', run: () => removeProject(project, 'keep') },
  { words: 'Delete with its tasks', icon: 'trash', isDanger: true, run: () => removeProject(project) },
]

const states = {
  offline: 'Offline',
  syncing: 'Syncing…',
  live: 'All saved',
  open: 'Saved, but for what needs you',
  paused: 'Signed out',
  closed: 'Closed',
}

/** How the page stands to the server, and what is still to be sent. */
function Connection() {
  const { storageError } = status.value
  const state = connection.value
  const waiting = unsent.value.filter(({ state: of }) => of === 'waiting' || of === 'saving').length
  const isAll = state !== 'live' || needs.value === 0
  const words =
    waiting > 0
      ? `${states[state === 'live' ? 'syncing' : state]} · ${waiting} to send`
      : states[isAll ? state : 'open']
  return (
    <p class={`connection ${state}`}>
      <span class="dot" /> {storageError ? 'This browser can not keep anything' : words}
    </p>
  )
}

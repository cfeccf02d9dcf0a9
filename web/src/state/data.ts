import { batch, computed, signal } from '@preact/signals'
import type { Label, Project, SessionDocket, Task, User } from '../../../client/src/index.ts'
import type { Conflict, Replica, Status, Write } from '../../../client/src/replica/replica.ts'

/** The replica of who is signed in; everything that is shown comes out of it. */
export const replica = signal<Replica | undefined>(undefined)
/** What speaks with the server beside the replica: for settings, the trash and histories. */
export const docket = signal<SessionDocket | undefined>(undefined)

const tasksChanged = signal(0)
const projectsChanged = signal(0)
const writesChanged = signal(0)
const profileChanged = signal(0)
const statusChanged = signal(0)

/** Shows what is in a replica, and what changes there. */
export function show(next: Replica): void {
  replica.value = next
  next.subscribe(({ tasks: changed, projects: others, writes, profile: isProfile, status: isStatus }) =>
    batch(() => {
      if (changed.size > 0) tasksChanged.value += 1
      if (others.size > 0) projectsChanged.value += 1
      if (writes) writesChanged.value += 1
      if (isProfile) profileChanged.value += 1
      if (isStatus) statusChanged.value += 1
    }),
  )
}

/** A value of the replica that is read again each time the signal changes. */
const follows = <Value>(changed: { value: number }, read: (from: Replica) => Value, without: Value) =>
  computed((): Value => {
    const { value } = changed
    return replica.value && value >= 0 ? read(replica.value) : without
  })

const noTasks: readonly Task[] = []
const noProjects: readonly Project[] = []
const noLabels: readonly Label[] = []
const noWrites: readonly Write[] = []
const noConflicts: readonly Conflict[] = []
const closed: Status = { state: 'closed' }

export const tasks = follows(tasksChanged, (from) => from.tasks.all(), noTasks)
export const projects = follows(projectsChanged, (from) => from.projects.inOrder(), noProjects)
export const labels = follows(tasksChanged, (from) => from.labels.list(), noLabels)
export const profile = follows<User | undefined>(profileChanged, (from) => from.profile, undefined)
export const status = follows(statusChanged, (from) => from.status, closed)
/** Whether the browser knows that there is no network: some tries later, the replica would find out. */
const isCutOff = signal(!navigator.onLine)
for (const name of ['online', 'offline']) addEventListener(name, () => (isCutOff.value = !navigator.onLine))
/** How the page stands to the server. */
export const connection = computed(() =>
  status.value.state === 'syncing' && isCutOff.value ? 'offline' : status.value.state,
)

/** The writes that the server does not have. */
export const unsent = follows(writesChanged, (from) => from.writes, noWrites)
export const conflicts = follows(writesChanged, (from) => from.conflicts, noConflicts)
export const refused = follows(writesChanged, (from) => from.refused, noWrites)
/** How many writes wait for the user to decide. */
export const needs = computed(() => conflicts.value.length + refused.value.length)

/** Whether everything is here that the server had, so that an empty list is one. */
export const isLoaded = computed(() => status.value.state === 'live' || replica.value?.revision !== undefined)

export const projectById = computed(() => new Map(projects.value.map((project) => [project.id, project])))

/** A task as it is now. Whoever reads it is told when it changes. */
export const taskById = (id: string): Task | undefined =>
  tasksChanged.value >= 0 ? replica.value?.tasks.get(id) : undefined

/** The replica, where there is one for certain. */
export function present(): Replica {
  if (!replica.value) throw new Error('Nobody is signed in.')
  return replica.value
}

/** The client, where there is one for certain. */
export function online(): SessionDocket {
  if (!docket.value) throw new Error('Nobody is signed in.')
  return docket.value
}

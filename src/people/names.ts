import type { Project } from '../../client/src/index.ts'
import type { Call, Session } from './call.ts'
import { Failure } from './failure.ts'
import { clean } from './text.ts'

const mostOffered = 3
const isId = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/
const keyOf = (name: string) => name.normalize('NFC').toLowerCase()

/**
 * The id of the project with this name or id; null for the inbox. With `--create`, a project that is not there is
 * created. Throws a Failure that offers the nearest names.
 */
export async function projectId(
  name: string,
  projects: readonly Project[],
  { docket }: Session,
  { options }: Call,
): Promise<string | null> {
  if (isId.test(name)) return name
  const exact = projects.filter((project) => project.name === name)
  const found = exact.length === 1 ? exact : projects.filter((project) => keyOf(project.name) === keyOf(name))
  const [project] = found
  if (project && found.length === 1) return project.id
  if (project) {
    const ids = found.map(({ id }) => id).join(', ')
    throw new Failure(
      'usage',
      `${found.length} projects are called ${clean(name)}: say which by its id (${ids}).`,
    )
  }
  if (keyOf(name) === 'inbox') return null
  if (options.has('create')) return (await docket.projects.create({ name })).id
  throw new Failure(
    'notFound',
    `There is no project ${clean(name)}.${offer(name, projects)} --create creates it.`,
  )
}

function offer(name: string, projects: readonly Project[]): string {
  const wanted = keyOf(name)
  const nearest = projects
    .map((project) => ({ name: project.name, key: keyOf(project.name) }))
    .map(({ name: other, key }) => ({ name: other, key, far: distance(wanted, key) }))
    .filter(
      ({ key, far }) =>
        far <= Math.max(2, key.length / 3) || key.startsWith(wanted) || wanted.startsWith(key),
    )
    .toSorted((a, b) => a.far - b.far)
    .slice(0, mostOffered)
    .map((near) => clean(near.name))
  return nearest.length === 0 ? '' : ` Did you mean ${nearest.join(' or ')}?`
}

/** How many characters differ (Levenshtein). */
function distance(one: string, other: string): number {
  let row = Array.from({ length: other.length + 1 }, (_, i) => i)
  for (const [i, character] of one.split('').entries()) {
    const next = [i + 1]
    for (let j = 1; j <= other.length; j += 1) {
      const changed = (row[j - 1] ?? 0) + (other[j - 1] === character ? 0 : 1)
      next.push(Math.min(changed, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1))
    }
    row = next
  }
  return row.at(-1) ?? 0
}

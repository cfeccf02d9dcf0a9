import { useSignal } from '@preact/signals'
import type { Project } from '../../../client/src/index.ts'
import { Dialog } from '../parts/dialog.tsx'
import { changeProject, createProject } from '../state/actions.ts'
import { go, uncover } from '../state/address.ts'

/** Colours that can be told from each other, and seen on light and dark. */
const colors = [
  '#d1453b',
  '#d9730d',
  '#b8860b',
  '#4d9e4d',
  '#2a9d8f',
  '#3f7fd8',
  '#7a5fd0',
  '#c2569b',
  '#8a8f98',
]
const colorNames = ['Red', 'Orange', 'Gold', 'Green', 'Teal', 'Blue', 'Violet', 'Pink', 'Grey']

/** Makes a project, or changes one. */
export function ProjectDialog({ project }: { project: Project | undefined }) {
  const name = useSignal(project?.name ?? '')
  const color = useSignal(project?.color ?? null)
  const save = () => {
    if (name.value.trim() === '') return
    if (!project) return go({ view: 'project', of: createProject(name.value.trim(), color.value).thing })
    uncover()
    changeProject(project, { name: name.value.trim(), color: color.value })
  }
  return (
    <Dialog label={project ? 'Edit the project' : 'Add a project'} kind="small">
      <form
        onSubmit={(event) => {
          event.preventDefault()
          save()
        }}
      >
        <h1>{project ? 'Edit the project' : 'Add a project'}</h1>
        <label class="field">
          Name
          <input
            type="text"
            maxLength={100}
            required
            dir="auto"
            value={name.value}
            onInput={(event) => (name.value = event.currentTarget.value)}
          />
        </label>
        <fieldset class="colors">
          <legend>Colour</legend>
          {colors.map((one, i) => (
            <input
              key={one}
              type="radio"
              name="color"
              aria-label={colorNames[i]}
              style={{ background: one }}
              checked={color.value === one}
              onChange={() => (color.value = one)}
            />
          ))}
        </fieldset>
        <div class="dialog-foot">
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

import { useSignal } from '@preact/signals'
import type { Task } from '../../../client/src/index.ts'
import { leaveField, useDraft } from '../parts/drafts.ts'
import { focusFirst } from '../parts/focus.ts'
import { Markdown } from '../parts/markdown.tsx'
import { present } from '../state/data.ts'
import { did } from '../state/undo.ts'

const longest = 10_000

/** The description: shown as Markdown, and as its text where it is edited. */
export function Description({ task }: { task: Task }) {
  const isEdited = useSignal(false)
  const draft = useDraft(
    task,
    ({ description }) => description,
    (held, description) =>
      did(`Changed the description of “${held.title}”`, [present().tasks.update(held, { description })]),
  )
  const edit = () => (isEdited.value = true)
  if (!isEdited.value) {
    return (
      <section class="description" aria-label="Description">
        {task.description === '' ? (
          <button type="button" class="text faint" onClick={edit}>
            Add a description
          </button>
        ) : (
          <>
            <div class="markdown" dir="auto">
              <Markdown text={task.description} />
            </div>
            <button type="button" class="text" onClick={edit}>
              Edit description
            </button>
          </>
        )}
      </section>
    )
  }
  return (
    <section class="description" aria-label="Description">
      <textarea
        class="description-text"
        aria-label="Description, in Markdown"
        maxLength={longest}
        dir="auto"
        ref={focusFirst}
        value={draft.value}
        onInput={(event) => draft.type(event.currentTarget.value)}
        onBlur={() => {
          draft.commit()
          isEdited.value = false
        }}
        onKeyDown={(event) => {
          const isEnd = event.key === 'Enter' && (event.ctrlKey || event.metaKey)
          if (event.key === 'Escape') event.stopPropagation()
          if (event.key === 'Escape' || isEnd) leaveField(event.currentTarget)
        }}
      />
    </section>
  )
}

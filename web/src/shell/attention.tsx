import { conflicts, needs, present, refused } from '../state/data.ts'
import { ConflictCard, RefusalCard } from '../task/conflicts.tsx'

/** What the replica can not decide without the user. */
export const Attention = () => (
  <div class="cards">
    {needs.value === 0 && <p class="empty-words">Nothing needs you.</p>}
    {conflicts.value.map((conflict) => (
      <div key={conflict.write.id}>
        <h2 dir="auto">{nameOf(conflict.write.kind, conflict.write.thing)}</h2>
        <ConflictCard conflict={conflict} />
      </div>
    ))}
    {refused.value.map((write) => (
      <div key={write.id}>
        <h2 dir="auto">{nameOf(write.kind, write.thing)}</h2>
        <RefusalCard write={write} />
      </div>
    ))}
  </div>
)

const nameOf = (kind: 'task' | 'project', id: string): string =>
  (kind === 'task' ? present().tasks.get(id)?.title : present().projects.get(id)?.name) ??
  'Something that is gone'

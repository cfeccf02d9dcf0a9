import type { GivenTask } from '../src/tasks/schema.ts'

/**
 * Two values of each field that a client decides about a task, in the form in which they are answered and in the
 * order of a list sorted by the field. The compiler asks for those of a new field.
 */
export const samples: { [Name in keyof GivenTask]-?: readonly [GivenTask[Name], GivenTask[Name]] } = {
  title: ['Buy milk', 'Renew the passport'],
  description: ['At the corner shop.', 'Photos are in\nthe blue folder.'],
  dueDate: ['2026-12-01', '2026-12-03T16:00:00.000Z'],
  status: ['in_progress', 'complete'],
  priority: ['high', 'low'],
  labels: [['errand'], ['Town', 'errand']],
  projectId: [null, null],
  parentId: [null, null],
  position: ['a0V', 'a1'],
}

import type { GivenTask } from '../src/tasks/schema.ts'
import type { User } from './harness.ts'

/** A thing that a test makes for a field that holds an id: where it is created, and its body. */
export interface Made {
  path: '/projects' | '/tasks'
  body: object
}

/**
 * Two values of each field that a client decides about a task, in the form in which they are answered and in the
 * order of a list sorted by the field. The compiler asks for those of a new field.
 */
export const samples: {
  [Name in keyof GivenTask]-?: readonly [GivenTask[Name] | Made, GivenTask[Name] | Made]
} = {
  title: ['Buy milk', 'Renew the passport'],
  description: ['At the corner shop.', 'Photos are in\nthe blue folder.'],
  dueDate: ['2026-12-01', '2026-12-03T16:00:00.000Z'],
  recurrence: [
    { rule: 'FREQ=DAILY', from: 'due', start: '2026-11-01', done: 0 },
    { rule: 'FREQ=WEEKLY;BYDAY=MO', from: 'completion', start: '2026-12-01', done: 0 },
  ],
  status: ['in_progress', 'complete'],
  priority: ['high', 'low'],
  labels: [['errand'], ['Town', 'errand']],
  projectId: [
    { path: '/projects', body: { name: 'Garden' } },
    { path: '/projects', body: { name: 'Moving house' } },
  ],
  parentId: [
    { path: '/tasks', body: { title: 'Pack' } },
    { path: '/tasks', body: { title: 'Unpack' } },
  ],
  position: ['a0V', 'a1'],
}

/** A value as a client sends it: without what only the server sets. */
export function asSent(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || !('done' in value)) return value
  const { done: _done, ...rest } = value
  return rest
}

export const isMade = (sample: unknown): sample is Made =>
  typeof sample === 'object' && sample !== null && 'path' in sample

/** A sample as a value: the id of what is made for it now, where it is one. */
export async function valueOf(user: User, sample: unknown): Promise<unknown> {
  if (!isMade(sample)) return sample
  const { status, body, text } = await user.post(sample.path, sample.body)
  if (status !== 201) throw new Error(text)
  return body.id
}

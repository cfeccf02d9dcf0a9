import type { Task } from '../tasks/schema.ts'
import type { History } from './schema.ts'

// What the API's description shows. Its test asks for it, from a server that holds the task, and compares.

const task: Task = {
  id: '019aa8b2-6f3e-7c41-9d3a-5b1f0c2d7e11',
  title: 'Renew the passport',
  description: 'Photos are in the blue folder.',
  dueDate: '2026-12-01',
  status: 'incomplete',
  completedAt: null,
  createdAt: '2026-11-22T09:30:00.000Z',
  updatedAt: '2026-11-23T08:01:00.000Z',
  revision: 19,
}

const history: History = {
  items: [
    {
      revision: 17,
      at: task.createdAt,
      action: 'create',
      sessionId: '019aa8b1-02d0-7a15-b3c8-9e0f2d4c6a71',
      origin: 'request',
      fields: {
        title: { from: null, to: task.title },
        description: { from: null, to: task.description },
        dueDate: { from: null, to: task.dueDate },
        status: { from: null, to: task.status },
      },
    },
  ],
  nextCursor: null,
}

export const reading = { created: { summary: 'A task that was created', status: 200, answer: history } }

export const undoing = { reopened: { summary: 'A task that is open again', status: 200, answer: task } }

import type { Task } from '../tasks/schema.ts'
import type { Changes, Ticket } from './schema.ts'

// What the API's description shows. Its test asks for it, from a server that holds the task, and compares.

const task: Task = {
  id: '019aa8b2-6f3e-7c41-9d3a-5b1f0c2d7e11',
  title: 'Renew the passport',
  description: 'Photos are in the blue folder.',
  dueDate: '2026-12-01',
  status: 'incomplete',
  completedAt: null,
  createdAt: '2026-11-22T09:30:00.000Z',
  updatedAt: '2026-11-22T09:30:00.000Z',
  revision: 17,
}

const created = {
  revision: 17,
  at: task.createdAt,
  kind: 'task',
  id: task.id,
  action: 'create',
  task,
} as const
const changes: Changes = { items: [created], revision: 17, more: false }
const ticket: Ticket = { ticket: 'UrJ5O27UFRdp84RP…', expiresIn: 60 }

export const reading = { oneTask: { summary: 'A task that was created', status: 200, answer: changes } }

export const ticketing = { ticket: { summary: 'A ticket for one stream', status: 201, answer: ticket } }

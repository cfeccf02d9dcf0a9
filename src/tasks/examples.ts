import type { Task, TaskFields, TaskList } from './schema.ts'

// What the API's description shows. Its test sends each body, to a server that holds `passport`, and compares.

const fields: TaskFields = {
  title: 'Renew the passport',
  description: 'Photos are in the blue folder.',
  dueDate: '2026-12-01',
  status: 'incomplete',
}

const passport: Task = {
  id: '019aa8b2-6f3e-7c41-9d3a-5b1f0c2d7e11',
  ...fields,
  completedAt: null,
  createdAt: '2026-11-22T09:30:00.000Z',
  updatedAt: '2026-11-22T09:30:00.000Z',
  revision: 17,
}

const changed: Task = { ...passport, updatedAt: '2026-11-23T08:00:00.000Z', revision: 18 }
const page: TaskList = { items: [passport], nextCursor: null }

export const creation = {
  everything: { summary: 'Every field', body: fields, status: 201, answer: passport },
  titleOnly: {
    summary: 'A title is enough',
    body: { title: 'Buy milk' },
    status: 201,
    answer: { ...passport, title: 'Buy milk', description: '', dueDate: null },
  },
  dueAtAnInstant: {
    summary: 'Due at an instant',
    body: { title: 'Call the embassy', dueDate: '2026-12-01T17:00:00+01:00' },
    status: 201,
    answer: {
      ...passport,
      title: 'Call the embassy',
      description: '',
      dueDate: '2026-12-01T16:00:00.000Z',
    },
  },
}

export const reading = { passport: { summary: 'A task', status: 200, answer: passport } }

export const restoring = { passport: { summary: 'A task that is back', status: 200, answer: changed } }

export const listing = { onePage: { summary: 'A single page', status: 200, answer: page } }

export const replacement = {
  replace: {
    summary: 'Replace: what is left out takes its default',
    body: { title: 'Renew the passport', status: 'in_progress' },
    status: 200,
    answer: { ...changed, description: '', dueDate: null, status: 'in_progress' },
  },
  create: {
    summary: 'Create, with `If-None-Match: *` and an id of your own',
    body: fields,
    status: 201,
    answer: passport,
  },
}

export const change = {
  complete: {
    summary: 'Complete it',
    body: { status: 'complete' },
    status: 200,
    answer: { ...changed, status: 'complete', completedAt: changed.updatedAt },
  },
  clearDueDate: {
    summary: 'Clear the due date',
    body: { dueDate: null },
    status: 200,
    answer: { ...changed, dueDate: null },
  },
}

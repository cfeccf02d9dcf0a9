import type { Examples } from '../things/things.ts'
import type { Task } from './fields.ts'

const passport: Task = {
  id: '019aa8b2-6f3e-7c41-9d3a-5b1f0c2d7e11',
  title: 'Renew the passport',
  description: 'Photos are in the blue folder.',
  dueDate: '2026-12-01',
  recurrence: null,
  status: 'incomplete',
  priority: 'high',
  labels: ['errand', 'town'],
  projectId: null,
  parentId: null,
  position: 'a0',
  completedAt: null,
  occurrenceOf: null,
  createdAt: '2026-11-22T09:30:00.000Z',
  updatedAt: '2026-11-22T09:30:00.000Z',
  revision: 17,
}

const { title, description, dueDate, status, priority, labels } = passport
const unset = { description: '', dueDate: null, priority: 'none', labels: [] } as const
const created: Task = { ...passport, ...unset, title: 'Buy milk' }
const changed: Task = { ...passport, updatedAt: '2026-11-23T08:00:00.000Z', revision: 18 }

/** A task whose occurrence of December was skipped. */
export const skipped: Task = {
  ...changed,
  dueDate: '2027-01-01',
  recurrence: { rule: 'FREQ=MONTHLY', from: 'due', start: '2026-12-01', done: 0 },
}

/** What the API's description shows of tasks, here and wherever tasks appear. */
export const examples: Examples<Task> = {
  thing: passport,
  creation: {
    everything: {
      summary: 'Every field',
      body: { title, description, dueDate, status, priority, labels },
      status: 201,
      answer: passport,
    },
    least: { summary: 'A title is enough', body: { title: created.title }, status: 201, answer: created },
    dueAtAnInstant: {
      summary: 'Due at an instant',
      body: { title: 'Call the embassy', dueDate: '2026-12-01T17:00:00+01:00' },
      status: 201,
      answer: { ...created, title: 'Call the embassy', dueDate: '2026-12-01T16:00:00.000Z' },
    },
    recurring: {
      summary: 'Every Monday and Thursday',
      body: {
        title: 'Water the plants',
        dueDate: '2026-12-03',
        recurrence: { rule: 'FREQ=WEEKLY;BYDAY=MO,TH' },
      },
      status: 201,
      answer: {
        ...created,
        title: 'Water the plants',
        dueDate: '2026-12-03',
        recurrence: { rule: 'FREQ=WEEKLY;BYDAY=MO,TH', from: 'due', start: '2026-12-03', done: 0 },
      },
    },
  },
  replacement: {
    replace: {
      summary: 'Replace: what is left out takes its default',
      body: { title, status: 'in_progress' },
      status: 200,
      answer: { ...changed, ...unset, status: 'in_progress' },
    },
    create: {
      summary: 'Create, with `If-None-Match: *` and an id of your own',
      body: { title, description, dueDate, status, priority, labels },
      status: 201,
      answer: passport,
    },
  },
  change: {
    usual: {
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
  },
}

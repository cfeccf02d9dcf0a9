// What the API's description shows. Its test sends it, to a server that holds the task, and compares.

const task = {
  id: '019aa8b2-6f3e-7c41-9d3a-5b1f0c2d7e11',
  title: 'Renew the passport',
  description: 'Photos are in the blue folder.',
  dueDate: '2026-12-01',
  status: 'complete',
  completedAt: '2026-11-23T08:00:00.000Z',
  createdAt: '2026-11-22T09:30:00.000Z',
  updatedAt: '2026-11-23T08:00:00.000Z',
  revision: 19,
}

const milk = {
  id: '019aad9f-41b8-7a90-8c2e-7f5d3b1a9e04',
  title: 'Buy milk',
  description: '',
  dueDate: null,
  status: 'incomplete',
  completedAt: null,
  createdAt: '2026-11-23T08:00:00.000Z',
  updatedAt: '2026-11-23T08:00:00.000Z',
  revision: 18,
}

export const writing = {
  createAndComplete: {
    summary: 'Create one task and complete another',
    body: {
      operations: [
        { method: 'POST', path: '/tasks', body: { title: 'Buy milk' } },
        { method: 'PATCH', path: `/tasks/${task.id}`, body: { status: 'complete' } },
      ],
    },
    status: 200,
    answer: {
      results: [
        { status: 201, body: milk, etag: '"18"' },
        { status: 200, body: task, etag: '"19"' },
      ],
    },
  },
}

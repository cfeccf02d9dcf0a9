import type { ApiToken } from './schema.ts'

const backup: ApiToken = {
  id: '019aa8b3-51c7-7e02-a4d6-2b8f6c1d9e35',
  name: 'Nightly backup',
  scopes: ['tasks:read'],
  createdAt: '2026-11-22T09:31:00.000Z',
  expiresAt: null,
  lastUsedAt: null,
}
const token = 'dkt_TQ3xk0SWmpIDuJ2vYb9Zf7hLcN4rEo6A1PxYz9'

export const creation = {
  backup: {
    summary: 'A token that reads',
    body: { name: backup.name, scopes: backup.scopes },
    status: 201,
    answer: { ...backup, token },
  },
}

export const list = { one: { summary: 'A single token', status: 200, answer: { items: [backup] } } }

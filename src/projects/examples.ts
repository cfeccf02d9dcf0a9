import type { Examples } from '../things/things.ts'
import type { Project } from './fields.ts'

const house: Project = {
  id: '019aa8b2-6f3e-7c41-9d3a-5b1f0c2d7e21',
  name: 'Moving house',
  color: '#4073ff',
  position: 'a0',
  createdAt: '2026-11-22T09:00:00.000Z',
  updatedAt: '2026-11-22T09:00:00.000Z',
  revision: 12,
}

const { name, color } = house
const changed: Project = { ...house, updatedAt: '2026-11-23T08:00:00.000Z', revision: 13 }

/** What the API's description shows of projects. */
export const examples: Examples<Project> = {
  thing: house,
  creation: {
    everything: { summary: 'With a color', body: { name, color }, status: 201, answer: house },
    least: { summary: 'A name is enough', body: { name }, status: 201, answer: { ...house, color: null } },
  },
  replacement: {
    replace: {
      summary: 'Replace: what is left out takes its default',
      body: { name: 'The move' },
      status: 200,
      answer: { ...changed, name: 'The move', color: null },
    },
    create: {
      summary: 'Create, with `If-None-Match: *` and an id of your own',
      body: { name, color },
      status: 201,
      answer: house,
    },
  },
  change: {
    usual: {
      summary: 'Give it another name',
      body: { name: 'The move' },
      status: 200,
      answer: { ...changed, name: 'The move' },
    },
  },
}

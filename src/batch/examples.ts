import type { Resource } from '../things/things.ts'

/** A batch that creates one thing and changes another, for the API's description. */
export function writingOf({ name, path, examples }: Resource) {
  const { least, usual } = { ...examples.creation, ...examples.change }
  const [created, changed] = [
    { ...least.answer, revision: 18 },
    { ...usual.answer, revision: 19 },
  ]
  return {
    createAndChange: {
      summary: `Create one ${name} and change another`,
      body: {
        operations: [
          { method: 'POST', path, body: least.body },
          { method: 'PATCH', path: `${path}/${changed.id}`, body: usual.body },
        ],
      },
      status: 200,
      answer: {
        results: [
          { status: 201, body: created, etag: '"18"' },
          { status: 200, body: changed, etag: '"19"' },
        ],
      },
    },
  }
}

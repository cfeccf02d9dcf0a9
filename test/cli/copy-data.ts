import assert from 'node:assert/strict'
import { password, userOf, type Docket, type User } from '../harness.ts'

export type Request = Docket['request']

/** Titles that a careless copy would damage. */
export const awkward = [
  'Ägypten – 日本 🙂 𐐨 ẞ İ',
  `'); drop table tasks; --`,
  'e\u0301 is not é',
  String.raw`\u0041 \\ "quoted" %s $1 ?`,
  '\u00A0x\u2028y'.trim(),
]

export async function register(request: Request, name: string): Promise<User> {
  const body = { email: `${name}@example.com`, password, name: `${name} 🙂`, timeZone: 'Asia/Kathmandu' }
  const answer = await request('POST', '/auth/register', { body })
  assert.equal(answer.status, 201, answer.text)
  return userOf(answer.body, request)
}

/** Creates three users, many tasks with awkward text and every status, deleted tasks and failed logins. */
export async function fill(request: Request): Promise<[User, User, User]> {
  const [alice, bob, carol] = [
    await register(request, 'alice'),
    await register(request, 'bob'),
    await register(request, 'carol'),
  ]
  for (let part = 0; part < 6; part++) {
    const operations = Array.from({ length: 100 }, (_, i) => ({
      method: 'POST',
      path: '/tasks',
      body: { title: `${awkward[i % awkward.length]} ${i}`, description: i % 3 ? '' : 'Two\n\tlines' },
    }))
    assert.equal((await alice.post('/batch', { operations })).status, 200)
  }
  for (const user of [alice, bob]) {
    const dated = await user.createTask({ title: 'Dated', dueDate: '2028-02-29', status: 'complete' })
    const timed = await user.createTask({ title: 'Timed', dueDate: '2028-02-29T12:00:00+05:45' })
    const erased = await user.createTask({ title: 'Erased' })
    await user.patch(`/tasks/${dated.id}`, { status: 'cancelled', description: awkward.join('\n') })
    await user.delete(`/tasks/${timed.id}`)
    await user.delete(`/tasks/${erased.id}?permanent=true`)
  }
  await carol.patch('/me', { name: 'Caroline' })
  for (const user of [alice, bob]) {
    const token = { name: '“Backup” 🙂', scopes: ['tasks:read'] }
    assert.equal((await user.post('/me/tokens', token)).status, 201)
  }
  for (let i = 0; i < 6; i++) {
    await request('POST', '/auth/login', { body: { email: bob.email, password: 'not this one' } })
  }
  return [alice, bob, carol]
}

/** Returns everything that a user can read, byte for byte. */
export async function everything(user: User): Promise<string[]> {
  const sorts = ['createdAt', '-updatedAt', 'dueDate', '-dueDate,title', 'title', '-status', 'completedAt']
  const lists = sorts.map((sort) => `/tasks?limit=100&count=true&sort=${sort}`)
  const paths = [...lists, '/tasks?deleted=true', '/changes?limit=500', '/me', '/me/sessions', '/me/tokens']
  const answers = await Promise.all(paths.map((path) => user.get(path)))
  const [newest] = answers[0]?.body.items ?? []
  if (newest) answers.push(await user.get(`/tasks/${newest.id}/history`))
  for (const { status, text } of answers) assert.equal(status, 200, text)
  return answers.map(({ text }) => text)
}

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { docket } from '../../harness.ts'
import { bodyOf, createTasks, takenBy, usersOf } from './organise.ts'

test('GET /labels', async (t) => {
  const server = await docket(t)
  const newUser = usersOf(server)
  type User = typeof server.alice
  const labelsOf = async (user: User): Promise<[string, number][]> =>
    bodyOf(await user.get('/labels')).items.map(({ name, tasks }: { name: string; tasks: number }) => [
      name,
      tasks,
    ])

  await t.test('is empty where none is in use', async () => {
    const user = await newUser()
    await user.createTask({ title: 'x' })
    assert.deepEqual(bodyOf(await user.get('/labels')), { items: [] })
  })

  await t.test('has each name with how many tasks have it, by name', async () => {
    const [user, other] = [await newUser(), await newUser()]
    await createTasks(user, [
      { title: '1', labels: ['town', 'errand'] },
      { title: '2', labels: ['errand', '東京', 'Ärger'] },
      { title: '3', labels: ['errand', 'Beta', 'alpha'], status: 'complete' },
    ])
    await other.createTask({ title: 'x', labels: ['his'] })
    assert.deepEqual(await labelsOf(user), [
      ['alpha', 1],
      ['Beta', 1],
      ['errand', 3],
      ['town', 1],
      ['Ärger', 1],
      ['東京', 1],
    ])
  })

  await t.test('shows the spelling used last', async () => {
    const user = await newUser()
    const [first, second] = await createTasks(user, [
      { title: '1', labels: ['Errand'] },
      { title: '2', labels: ['errand'] },
    ])
    assert.deepEqual(await labelsOf(user), [['errand', 2]])
    await user.patch(`/tasks/${first?.id}`, { labels: ['ERRAND'] })
    assert.deepEqual(await labelsOf(user), [['ERRAND', 2]])
    await user.delete(`/tasks/${first?.id}`)
    assert.deepEqual(await labelsOf(user), [['errand', 1]])
    await user.patch(`/tasks/${second?.id}`, { labels: ['caf\u00e9'] })
    const nfd = await user.createTask({ title: '3', labels: ['CAFE\u0301'] })
    assert.deepEqual(await labelsOf(user), [['CAFE\u0301', 2]])
    await user.put(`/tasks/${nfd.id}`, { title: 'x' })
    assert.deepEqual(await labelsOf(user), [['caf\u00e9', 1]])
  })

  await t.test('leaves the trash out, and has back what is restored', async () => {
    const user = await newUser()
    const task = await user.createTask({ title: 'x', labels: ['errand'] })
    const changed = await user.patch(`/tasks/${task.id}`, { labels: ['town'] })
    await user.delete(`/tasks/${task.id}`)
    assert.deepEqual(await labelsOf(user), [])
    await user.post(`/tasks/${task.id}/restore`)
    assert.deepEqual(await labelsOf(user), [['town', 1]])
    await user.post(`/changes/${takenBy(changed)}/undo?force=true`)
    assert.deepEqual(await labelsOf(user), [['errand', 1]])
    await user.delete(`/tasks/${task.id}?permanent=true`)
    assert.deepEqual(await labelsOf(user), [])
    const again = await user.put(
      `/tasks/${task.id}`,
      { title: 'y', labels: ['new'] },
      { 'if-none-match': '*' },
    )
    bodyOf(again, 201)
    assert.deepEqual(await labelsOf(user), [['new', 1]])
  })

  await t.test('has no old names left when a task is created again with the same id', async () => {
    const user = await newUser()
    const task = await user.createTask({ title: 'x', labels: ['old'] })
    const path = `/tasks/${task.id}`
    await user.delete(path)
    const made = await user.put(path, { title: 'y', labels: ['new'] }, { 'if-none-match': '*' })
    assert.deepEqual(await labelsOf(user), [['new', 1]])
    assert.equal((await user.post(`/changes/${takenBy(made)}/undo`)).status, 204)
    assert.deepEqual(await labelsOf(user), [])
    await user.post(`${path}/restore`)
    assert.deepEqual(await labelsOf(user), [['old', 1]])
  })

  await t.test('has an entity tag that a write changes', async () => {
    const user = await newUser()
    await user.createTask({ title: 'x', labels: ['errand'] })
    const tag = (await user.get('/labels')).headers.get('etag') ?? ''
    assert.match(tag, /^W\/"/)
    assert.equal((await user.get('/labels', { 'if-none-match': tag })).status, 304)
    assert.equal((await user.request('HEAD', '/labels')).headers.get('etag'), tag)
    await user.createTask({ title: 'x', labels: ['errand'] })
    const answer = await user.get('/labels', { 'if-none-match': tag })
    assert.deepEqual(bodyOf(answer).items, [{ name: 'errand', tasks: 2 }])
  })
})

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { docket } from '../../harness.ts'
import { bodyOf, createProject, takenBy, usersOf } from './organise.ts'

// A thing that is created again under the id of one in the trash, and what went to the trash with the old one.

const kinds = [
  { path: '/tasks', body: { title: 'again' }, holding: 'parentId' },
  { path: '/projects', body: { name: 'again' }, holding: 'projectId' },
] as const

for (const { path, body, holding } of kinds)
  test(`${path} created again with the same id`, async (t) => {
    const newUser = usersOf(await docket(t))
    const begin = async () => {
      const user = await newUser()
      const old = path === '/tasks' ? await user.createTask({ title: 'old' }) : await createProject(user)
      const address = `${path}/${old.id}`
      const inside = await user.createTask({ title: 'inside', [holding]: old.id })
      await user.delete(address)
      const made = await user.put(address, body, { 'if-none-match': '*' })
      assert.equal(made.status, 201)
      const isBack = async () => (await user.get(`/tasks/${inside.id}`)).status === 200
      return { user, address, made, isBack }
    }

    await t.test('takes nothing of the old one along when it is restored', async () => {
      const { user, address, isBack } = await begin()
      await user.delete(address)
      bodyOf(await user.post(`${address}/restore`))
      assert.equal(await isBack(), false)
    })

    await t.test('once that is undone, the old one comes back with what went with it', async () => {
      const { user, address, made, isBack } = await begin()
      assert.equal((await user.post(`/changes/${takenBy(made)}/undo`)).status, 204)
      assert.equal(await isBack(), false)
      bodyOf(await user.post(`${address}/restore`))
      assert.equal(await isBack(), true)
    })
  })

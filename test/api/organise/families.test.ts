import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { test } from 'node:test'
import { docket, type Answer } from '../../harness.ts'
import { assertFaults, bodyOf, createLine, createProject, usersOf } from './organise.ts'

test('projectId and parentId', async (t) => {
  const server = await docket(t)
  const { alice } = server
  const bob = await server.register('bob')

  await t.test(
    'tell an id alike, whether it is somebody else’s, in the trash, erased or never was',
    async () => {
      for (const [field, path, body] of [
        ['projectId', '/projects', { name: 'x' }],
        ['parentId', '/tasks', { title: 'x' }],
      ] as const) {
        const [trashed, erased] = [
          bodyOf(await alice.post(path, body), 201),
          bodyOf(await alice.post(path, body), 201),
        ]
        await alice.delete(`${path}/${trashed.id}`)
        await alice.delete(`${path}/${erased.id}?permanent=true`)
        const foreign = bodyOf(await bob.post(path, body), 201)
        const task = await alice.createTask({ title: 'Mine' })
        const told = async (id: string) => {
          const answers: Answer[] = [
            await alice.post('/tasks', { title: 'x', [field]: id }),
            await alice.patch(`/tasks/${task.id}`, { [field]: id }),
            await alice.put(`/tasks/${task.id}`, { title: 'x', [field]: id }),
            await alice.put(`/tasks/${randomUUID()}`, { title: 'x', [field]: id }, { 'if-none-match': '*' }),
            await alice.post(`/tasks/${task.id}/move`, { before: null, [field]: id }),
          ]
          for (const answer of answers) assertFaults(answer, `/${field}`)
          return answers.map(({ body: { instance: _instance, ...problem } }) =>
            JSON.stringify(problem).replaceAll(task.id, ''),
          )
        }
        const never = await told(randomUUID())
        for (const { id } of [trashed, erased, foreign])
          assert.deepEqual(
            (await told(id)).map((text) => text.replace(/[0-9a-f-]{36}/g, '')),
            never.map((text) => text.replace(/[0-9a-f-]{36}/g, '')),
          )
        // Nor the id of the other kind.
        const other = field === 'projectId' ? task.id : (await createProject(alice)).id
        assertFaults(await alice.post('/tasks', { title: 'x', [field]: other }), `/${field}`)
      }
    },
  )

  await t.test('a subtask is in the project of its parent', async () => {
    const user = await server.register('carol')
    const [p, q] = [await createProject(user, 'P'), await createProject(user, 'Q')]
    const parent = await user.createTask({ title: 'parent', projectId: p.id })
    const inbox = await user.createTask({ title: 'in the inbox' })
    const child = await user.createTask({ title: 'child', parentId: parent.id })
    assert.equal(child.projectId, p.id)
    assert.equal(
      (await user.createTask({ title: 'child', parentId: parent.id, projectId: p.id })).projectId,
      p.id,
    )
    for (const projectId of [q.id, null, randomUUID()]) {
      assertFaults(await user.post('/tasks', { title: 'x', parentId: parent.id, projectId }), '/projectId')
      assertFaults(
        await user.put(`/tasks/${child.id}`, { title: 'x', parentId: parent.id, projectId }),
        '/projectId',
      )
      assertFaults(await user.patch(`/tasks/${child.id}`, { projectId }), '/projectId')
      assertFaults(await user.patch(`/tasks/${inbox.id}`, { parentId: parent.id, projectId }), '/projectId')
    }
    assert.equal(bodyOf(await user.patch(`/tasks/${inbox.id}`, { parentId: parent.id })).projectId, p.id)
    const put = await user.put(`/tasks/${inbox.id}`, { title: 'x', parentId: child.id })
    assert.equal(bodyOf(put).projectId, p.id)

    // Out of its parent it stays in the project; PUT without both fields puts it into the inbox.
    const out = bodyOf(await user.patch(`/tasks/${child.id}`, { parentId: null }))
    assert.deepEqual([out.parentId, out.projectId], [null, p.id])
    assert.equal((await user.read(inbox)).projectId, p.id)
    const away = bodyOf(await user.patch(`/tasks/${inbox.id}`, { parentId: null, projectId: q.id }))
    assert.deepEqual([away.parentId, away.projectId], [null, q.id])
    const bare = bodyOf(await user.put(`/tasks/${inbox.id}`, { title: 'x' }))
    assert.deepEqual([bare.parentId, bare.projectId], [null, null])
  })

  await t.test('moving a parent moves all below it, and nothing else', async () => {
    const user = await server.register('dora')
    const [p, q] = [await createProject(user, 'P'), await createProject(user, 'Q')]
    const line = await createLine(user, 4, { projectId: p.id })
    const stays = await user.createTask({ title: 'stays', projectId: p.id })
    const trashed = await user.createTask({ title: 'trashed', parentId: line[1]?.id })
    await user.delete(`/tasks/${trashed.id}`)
    for (const projectId of [q.id, null, p.id]) {
      await user.patch(`/tasks/${line[0]?.id}`, { projectId })
      for (const task of line) {
        const now = await user.read(task)
        assert.deepEqual([now.projectId, now.parentId], [projectId, task.parentId])
      }
      assert.equal((await user.read(stays)).projectId, p.id)
    }
    // By another parent too.
    const other = await user.createTask({ title: 'other', projectId: q.id })
    await user.patch(`/tasks/${line[1]?.id}`, { parentId: other.id })
    const projects = await Promise.all(line.map(async (task) => (await user.read(task)).projectId))
    assert.deepEqual(projects, [p.id, q.id, q.id, q.id])
  })
})

test('there are at most six levels, and no circle', async (t) => {
  const server = await docket(t)
  const newUser = usersOf(server)

  await t.test('a seventh level is refused, whichever end it is put to', async () => {
    const user = await newUser()
    const line = await createLine(user, 6)
    const [first, , , , , last] = line
    const single = await user.createTask({ title: 'x' })
    assertFaults(await user.post('/tasks', { title: 'x', parentId: last?.id }), '/parentId')
    assertFaults(await user.patch(`/tasks/${single.id}`, { parentId: last?.id }), '/parentId')
    assertFaults(await user.patch(`/tasks/${first?.id}`, { parentId: single.id }), '/parentId')
    assertFaults(await user.put(`/tasks/${first?.id}`, { title: 'x', parentId: single.id }), '/parentId')
    assertFaults(
      await user.post(`/tasks/${first?.id}/move`, { before: null, parentId: single.id }),
      '/parentId',
    )
    const own = `/tasks/${randomUUID()}`
    assertFaults(
      await user.put(own, { title: 'x', parentId: last?.id }, { 'if-none-match': '*' }),
      '/parentId',
    )
  })

  await t.test('three levels go below three, four do not', async () => {
    const user = await newUser()
    const [three, other, four] = [
      await createLine(user, 3),
      await createLine(user, 3),
      await createLine(user, 4),
    ]
    assertFaults(await user.patch(`/tasks/${four[0]?.id}`, { parentId: three[2]?.id }), '/parentId')
    // What is in the trash takes no level.
    await user.delete(`/tasks/${four[3]?.id}`)
    bodyOf(await user.patch(`/tasks/${four[0]?.id}`, { parentId: three[2]?.id }))
    bodyOf(await user.patch(`/tasks/${other[0]?.id}`, { parentId: three[2]?.id }))
  })

  await t.test('a task is below neither itself nor one below it', async () => {
    const user = await newUser()
    const line = await createLine(user, 3)
    const [first] = line
    for (const { id: parentId } of line) {
      assertFaults(await user.patch(`/tasks/${first?.id}`, { parentId }), '/parentId')
      assertFaults(await user.put(`/tasks/${first?.id}`, { title: 'x', parentId }), '/parentId')
      assertFaults(await user.post(`/tasks/${first?.id}/move`, { after: null, parentId }), '/parentId')
    }
    const own = randomUUID()
    assertFaults(
      await user.put(`/tasks/${own}`, { title: 'x', parentId: own }, { 'if-none-match': '*' }),
      '/parentId',
    )
  })

  await t.test('two that would each go below the other: one does', async () => {
    const user = await newUser()
    const [one, two] = [await user.createTask({ title: '1' }), await user.createTask({ title: '2' })]
    const both = await Promise.all([
      user.patch(`/tasks/${one.id}`, { parentId: two.id }),
      user.patch(`/tasks/${two.id}`, { parentId: one.id }),
    ])
    assert.deepEqual(
      both.map(({ status }) => status).toSorted((a, b) => a - b),
      [200, 422],
    )
  })

  await t.test('a restored task that would be too deep does not break the rule', async () => {
    const user = await newUser()
    const below = await createLine(user, 3)
    const above = await createLine(user, 3)
    bodyOf(await user.patch(`/tasks/${below[0]?.id}`, { parentId: above[2]?.id }))
    await user.delete(`/tasks/${below[0]?.id}`)
    const top = await user.createTask({ title: 'top' })
    bodyOf(await user.patch(`/tasks/${above[0]?.id}`, { parentId: top.id }))
    const back = bodyOf(await user.post(`/tasks/${below[0]?.id}/restore`))
    assert.equal(back.parentId, null)
    assert.equal((await user.read({ id: String(below[2]?.id) })).parentId, below[1]?.id)
  })
})

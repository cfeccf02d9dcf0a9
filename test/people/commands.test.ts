import assert from 'node:assert/strict'
import { Writable } from 'node:stream'
import { test } from 'node:test'
import { signedIn } from './person.ts'

test('a day with the command line', async (t) => {
  const { alice, person } = await signedIn(t)
  const { docket } = person
  await alice.post('/projects', { name: 'Trip to Japan' })

  assert.equal(
    await docket('add', 'Pay rent every 1st #home p1 @phone tomorrow 5pm', '--create'),
    'Added 1: Pay rent (tomorrow 17:00 ↻, !high, #home, @phone)\n',
  )
  assert.equal(
    await docket('add', 'Pack', '#trip to japan', 'next friday'),
    'Added 2: Pack (4 Dec, #Trip to Japan)\n',
  )
  await docket('add', 'Return the book', '--due', '2026-11-20', '--description', 'Shelf 3\nleft')
  await docket('add', 'Call mum today')
  assert.equal(await docket('list'), '1  Return the book  20 Nov\n2  Call mum         today\n')
  assert.equal(
    await docket('list', '--all', '--sort', 'priority,dueDate'),
    [
      '1  Pay rent         tomorrow 17:00 ↻  !high  #home           @phone',
      '2  Return the book  20 Nov',
      '3  Call mum         today',
      '4  Pack             4 Dec                    #Trip to Japan',
      '',
    ].join('\n'),
  )

  assert.equal(await docket('done', '2', '3'), 'Done: Return the book (20 Nov)\nDone: Call mum (today)\n')
  assert.equal(
    await docket('list', '--done', '--sort', 'title'),
    '1  x  Call mum         today\n2  x  Return the book  20 Nov\n',
  )
  assert.equal(await docket('undo'), 'Undone: Call mum\nUndone: Return the book\n')
  assert.equal((await docket('list')).match(/\n/g)?.length, 2)

  assert.equal(
    await docket('edit', '2', 'tomorrow !low @Family'),
    'Changed: Call mum (tomorrow, !low, @Family)\n',
  )
  assert.equal(
    await docket(
      'edit',
      '2',
      '--title',
      'Call dad today',
      '--unlabel',
      'family',
      '--label',
      'x',
      '--due',
      'none',
    ),
    'Changed: Call dad today (!low, @x)\n',
  )
  assert.equal(
    await docket('move', '2', '-p', 'trip to japan', '--first'),
    'Moved: Call dad today (!low, #Trip to Japan, @x)\n',
  )
  assert.equal(
    await docket('list', '-p', 'Trip to Japan'),
    '1  Call dad today         !low  #Trip to Japan  @x\n2  Pack            4 Dec        #Trip to Japan\n',
  )
  assert.equal(await docket('projects'), '#Trip to Japan  2\n#home           1\n')
  assert.equal(await docket('labels'), '@phone  1\n@x      1\n')
  assert.equal(await docket('rm', '2'), 'Deleted: Pack\n')
  assert.equal(await docket('list', '--trash'), '1  Pack  4 Dec  #Trip to Japan\n')
  assert.equal(await docket('undo'), 'Undone: Pack\n')
  assert.equal(await docket('list', 'BOOK'), '1  Return the book  20 Nov\n')
  const shown = await docket('show', '1')
  assert.match(shown, /^Title {5}Return the book\nStatus {4}incomplete\nDue {7}20 Nov\nProject {3}inbox\n/)
  assert.match(shown, /\nId {8}[0-9a-f-]{36}\n\nShelf 3\nleft\n$/)
})

test('a task that recurs goes on when it is done or skipped', async (t) => {
  const { person } = await signedIn(t)
  await person.docket('add', 'Bins every wed')
  assert.equal(await person.docket('done', '1'), 'Done: Bins (2 Dec ↻)\n')
  assert.equal(await person.docket('skip', '1'), 'Skipped: Bins (9 Dec ↻)\n')
  assert.equal(await person.docket('edit', '1', '--repeat', 'none'), 'Changed: Bins (9 Dec)\n')
  const { code, stderr } = await person.run(['skip', '1'])
  assert.deepEqual(
    [code, stderr],
    [1, 'The task has no occurrence to skip: it does not recur, or its series has ended.\n'],
  )
})

test('a task is named by its number, its id or the beginning of it', async (t) => {
  const { person } = await signedIn(t)
  await person.docket('add', 'One')
  const id: string = JSON.parse(await person.docket('add', 'Two', '--json')).items[0].id
  await person.docket('list', '--done')
  for (const name of [id, id.slice(0, 28), id.slice(0, 34).toUpperCase()]) {
    assert.match(await person.docket('show', name), /^Title {5}Two\n/)
  }
  const expected: [name: string, code: number, stderr: RegExp][] = [
    ['1', 3, /^There is no task 1: the last list was empty\./],
    [id.slice(0, 4), 2, /^2 tasks have ids that begin with /],
    ['ffff', 3, /^No task has an id that begins with ffff\./],
    ['nonsense', 2, /^nonsense is neither a number of the last list nor an id/],
    [id.replace(/.{8}$/, 'ffffffff'), 3, /^You have nothing with this id\./],
  ]
  for (const [name, code, message] of expected) {
    const output = await person.run(['show', name])
    assert.equal(output.code, code, name)
    assert.match(output.stderr, message)
  }
})

test('an unknown project offers the nearest names', async (t) => {
  const { alice, person } = await signedIn(t)
  for (const name of ['Home', 'Garden', 'Homework', 'Twin', 'twin']) await alice.post('/projects', { name })
  const { code, stderr } = await person.run(['add', 'Water #hme'])
  assert.deepEqual([code, stderr], [3, 'There is no project hme. Did you mean Home? --create creates it.\n'])
  assert.match((await person.run(['list', '-p', 'homewrk'])).stderr, /Did you mean Homework or Home\?/)
  assert.match(
    (await person.run(['add', 'Water #zzz'])).stderr,
    /^There is no project zzz\. --create creates it\.\n$/,
  )
  const twins = await person.run(['add', 'Water #TWIN'])
  assert.equal(twins.code, 2)
  assert.match(
    twins.stderr,
    /^2 projects are called TWIN: say which by its id \([0-9a-f-]{36}, [0-9a-f-]{36}\)\.\n$/,
  )
  assert.equal(await person.docket('add', 'Water #twin'), 'Added 1: Water (#twin)\n')
  assert.equal(await person.docket('add', 'Water #inbox'), 'Added 2: Water\n')
  assert.equal((await alice.get('/tasks?count=true&limit=1')).body.total, 2)
})

test('what cannot be is refused in words, and changes nothing', async (t) => {
  const { alice, person } = await signedIn(t)
  await person.docket('add', 'Here')
  const refused: [argv: string[], code: number, message: RegExp][] = [
    [['add'], 2, /^It takes WORDS…\. `docket add --help` says what is allowed\.\n$/],
    [['add', 'tomorrow !high'], 2, /^The words leave no title: /],
    [['add', '   '], 2, /^The words leave no title: /],
    [['add', '#new', '--create'], 2, /^The words leave no title: /],
    [['edit', '1', '--title', ' '], 1, /^title must not be empty\.\n$/],
    [['add', 'x'.repeat(10_000)], 1, /title must have at most 200 characters/],
    [['add', 'a\u001B[31mb'], 1, /title must not contain control characters|title must be one line/],
    [['add', 'a', '--due', 'someday'], 2, /^someday is not a date such as/],
    [['add', 'a', '--repeat', 'sometimes'], 2, /^sometimes is not a recurrence such as/],
    [['add', 'a', '--priority', 'huge'], 2, /^--priority is high, medium, low or none, not huge\.\n$/],
    [['add', 'a', '--parent', '7'], 3, /^There is no task 7: the last list has 1\./],
    [['add', 'a', '--colour', 'red'], 2, /^Unknown option '--colour'\./],
    [['edit', '1'], 2, /^Say what to change/],
    [['edit', '1', '--status', 'ready'], 2, /^--status is one of/],
    [
      ['list', '--status', 'ready'],
      2,
      /^--status is incomplete, in_progress, complete, cancelled, or several/,
    ],
    [['list', '--sort', 'colour'], 1, /sort/],
    [['list', '--limit', '0'], 2, /^--limit is a number, not 0\.\n$/],
    [['move', '1', '--first', '--after', '1'], 2, /^Say one of --before, --after and --first\.\n$/],
    [['done', '1', '9'], 3, /^There is no task 9/],
    [['undo', 'x'], 2, /^A revision is a number, not x\.\n$/],
    [['completion', 'tcsh'], 2, /^There is a completion for bash, zsh and fish, not for tcsh\.\n$/],
    [['watch', 'now'], 2, /^It takes options only\./],
  ]
  for (const [argv, code, message] of refused) {
    const output = await person.run(argv)
    assert.match(output.stderr, message)
    assert.deepEqual([output.code, output.stdout], [code, ''], argv.join(' '))
    assert.ok(!output.stderr.includes('\u001B'))
  }
  assert.deepEqual((await alice.get('/projects')).body.items, [])
  const { items } = (await alice.get('/tasks')).body
  assert.deepEqual(
    items.map(({ status, revision }: { status: string; revision: number }) => [status, revision]),
    [['incomplete', 2]],
  )
})

test('an undo that meets a later change ends with 6, unless it is forced', async (t) => {
  const { alice, person } = await signedIn(t)
  const { items } = JSON.parse(await person.docket('add', 'Here', '--json'))
  await person.docket('edit', '1', '--title', 'There')
  await alice.patch(`/tasks/${items[0].id}`, { title: 'Everywhere' })
  const { code, stderr } = await person.run(['undo'])
  assert.equal(code, 6, stderr)
  assert.equal(await person.docket('undo', '--force'), 'Undone: Here\n')
  assert.equal(await person.docket('undo', '--force'), 'Undone: revision 2\n')
  assert.deepEqual(await person.run(['undo']), {
    code: 3,
    stdout: '',
    stderr: 'There is nothing to undo here: give the revision of a change.\n',
  })
})

test('an edit does not overwrite what somebody else changed at the same moment', async (t) => {
  const { alice, person } = await signedIn(t)
  const { id } = await alice.createTask({ title: 'Here' })
  const { code, stderr } = await person.run(['edit', id, '!high'], {
    async fetch(url, init) {
      if (init.method === 'PATCH') await alice.patch(`/tasks/${id}`, { title: 'There' })
      return fetch(url, init)
    },
  })
  assert.equal(code, 6)
  assert.match(stderr, /^Somebody else changed this at the same moment/)
  assert.equal((await alice.read({ id })).priority, 'none')
})

test('--json prints items on one stream, and problems on the other', async (t) => {
  const { alice, person } = await signedIn(t)
  const added = JSON.parse(await person.docket('add', 'One', '--json'))
  const { id } = added.items[0]
  assert.deepEqual(added, { items: [await alice.read(added.items[0])] })
  for (const argv of [['list', '--all'], ['show', id], ['done', id], ['undo'], ['projects'], ['labels']]) {
    assert.ok(Array.isArray(JSON.parse(await person.docket(...argv, '--json')).items), argv.join(' '))
  }
  const { stdout, stderr, code } = await person.run(['add', 'x'.repeat(201), '--json'])
  const { instance, ...problem } = JSON.parse(stderr)
  assert.match(instance, /^urn:uuid:/)
  assert.deepEqual([stdout, code], ['', 1])
  assert.deepEqual(problem, {
    type: '/problems/validation-failed',
    title: 'Validation failed',
    status: 422,
    detail: '/title must have at most 200 characters.',
    errors: [{ pointer: '/title', detail: 'must have at most 200 characters' }],
    exitCode: 1,
  })
  const usage = JSON.parse((await person.run(['show', 'zzz', '--json'])).stderr)
  assert.deepEqual([usage.type, usage.exitCode], ['about:blank', 2])
})

test('export has all projects and tasks, however many', async (t) => {
  const { alice, person } = await signedIn(t)
  await alice.post('/projects', { name: 'Home' })
  const operations = Array.from({ length: 100 }, (_, i) => ({
    method: 'POST',
    path: '/tasks',
    body: { title: `Task ${i}` },
  }))
  for (let i = 0; i < 2; i += 1) assert.equal((await alice.post('/batch', { operations })).status, 200)
  const { exportedAt, projects, tasks } = JSON.parse(await person.docket('export'))
  assert.match(exportedAt, /^2026-11-25T10:0\d:/)
  assert.deepEqual([projects.length, tasks.length], [1, 200])
  assert.deepEqual(tasks[199], await alice.read(tasks[199]))
  assert.equal((await person.docket('list', '--all')).match(/\n/g)?.length, 100)
  const more = await person.run(['list', '--all', '-n', '150'])
  assert.equal(more.stderr, 'There are more than 150: --limit N lists more.\n')
})

test('watch tells what changes until it is ended', async (t) => {
  const { alice, person } = await signedIn(t)
  const gone = await alice.createTask({ title: 'Pack' })
  await alice.delete(`/tasks/${gone.id}`)
  const end = new AbortController()
  const lines: string[] = []
  let adding: Promise<unknown> | undefined
  const output = new Writable({
    write(chunk, _encoding, done) {
      lines.push(String(chunk))
      if (lines.length > 1) end.abort()
      else adding = alice.createTask({ title: 'Book the flights' })
      done()
    },
  })
  const { code } = await person.run(['watch', '--since', '1'], { output, signal: end.signal })
  await adding
  assert.equal(code, 130)
  assert.match(lines[0] ?? '', new RegExp(`^2026-11-25T10:\\S+Z {2}3 {2}deleted task ${gone.id}\\n$`))
  assert.match(lines[1] ?? '', /^2026-11-25T10:\S+Z {2}4 {2}created task Book the flights\n$/)
})

test('days are those of the time zone that the user has', async (t) => {
  const { person } = await signedIn(t)
  assert.equal(await person.docket('add', 'Sleep tomorrow 00:30'), 'Added 1: Sleep (tomorrow 00:30)\n')
})

// Express 5 as in its guides and the usual tutorials: middleware, express-validator, jsonwebtoken, bcrypt,
// hand-written SQL on SQLite. It has no sessions: a token is valid until it expires.
import { randomUUID } from 'node:crypto'
import { DatabaseSync } from 'node:sqlite'
import bcrypt from 'bcryptjs'
import cors from 'cors'
import express from 'express'
import { body, param, query, validationResult } from 'express-validator'
import helmet from 'helmet'
import jwt from 'jsonwebtoken'
import morgan from 'morgan'

const { DATABASE = ':memory:', PORT = '0', JWT_SECRET = 'a secret of thirty-two bytes or so' } = process.env
const statuses = ['incomplete', 'in_progress', 'complete', 'cancelled']

const db = new DatabaseSync(DATABASE)
db.exec(`
  pragma journal_mode = wal;
  create table if not exists users (id text primary key, email text unique not null, password text not null);
  create table if not exists tasks (
    id text primary key, user_id text not null references users (id), title text not null,
    description text not null, due_date text, status text not null, version integer not null,
    created_at text not null, updated_at text not null);
  create index if not exists tasks_of_user on tasks (user_id, created_at desc);
`)
const insertUser = db.prepare('insert into users (id, email, password) values (?, ?, ?)')
const findUser = db.prepare('select * from users where email = ?')
const findTask = db.prepare('select * from tasks where id = ? and user_id = ?')
const listTasks = db.prepare(
  'select * from tasks where user_id = ? order by created_at desc, id desc limit ? offset ?',
)
const insertTask = db.prepare('insert into tasks values (?, ?, ?, ?, ?, ?, 1, ?, ?)')
const updateTask = db.prepare(
  `update tasks set title = ?, description = ?, due_date = ?, status = ?, version = version + 1, updated_at = ?
   where id = ? and user_id = ? and version = ?`,
)

const app = express()
app.use(helmet())
app.use(cors())
app.use(morgan('combined'))
app.use(express.json())

function validate(req, res, next) {
  const errors = validationResult(req)
  if (errors.isEmpty()) return next()
  return res.status(422).json({ errors: errors.array() })
}

function authenticate(req, res, next) {
  const [scheme, token] = (req.headers.authorization ?? '').split(' ')
  if (scheme !== 'Bearer' || !token) return res.status(401).json({ error: 'Missing token' })
  try {
    req.user = jwt.verify(token, JWT_SECRET, { algorithms: ['HS256'] })
  } catch {
    return res.status(401).json({ error: 'Invalid token' })
  }
  return next()
}

const toTask = (row) => ({
  id: row.id,
  title: row.title,
  description: row.description,
  dueDate: row.due_date,
  status: row.status,
  version: row.version,
  createdAt: row.created_at,
  updatedAt: row.updated_at,
})

const credentials = [body('email').isEmail().normalizeEmail(), body('password').isLength({ min: 8, max: 72 })]
const fields = [
  body('title').trim().isLength({ min: 1, max: 200 }),
  body('description').optional().isString().isLength({ max: 10_000 }),
  body('dueDate').optional({ values: 'null' }).isISO8601(),
  body('status').optional().isIn(statuses),
]
const someFields = [body('title').optional().trim().isLength({ min: 1, max: 200 }), ...fields.slice(1)]

const signIn = (user) => ({
  accessToken: jwt.sign({ sub: user.id, email: user.email }, JWT_SECRET, { expiresIn: '1h' }),
})

app.post('/auth/register', credentials, validate, async (req, res) => {
  const user = {
    id: randomUUID(),
    email: req.body.email,
    password: await bcrypt.hash(req.body.password, 10),
  }
  insertUser.run(user.id, user.email, user.password)
  res.status(201).json(signIn(user))
})

app.post('/auth/login', credentials, validate, async (req, res) => {
  const user = findUser.get(req.body.email)
  if (!user || !(await bcrypt.compare(req.body.password, user.password))) {
    return res.status(401).json({ error: 'Invalid credentials' })
  }
  return res.json(signIn(user))
})

app.get(
  '/tasks',
  authenticate,
  query('limit').optional().isInt({ min: 1, max: 100 }).toInt(),
  query('offset').optional().isInt({ min: 0 }).toInt(),
  validate,
  (req, res) => {
    const limit = Number(req.query.limit ?? 50)
    const offset = Number(req.query.offset ?? 0)
    res.json({ items: listTasks.all(req.user.sub, limit, offset).map(toTask) })
  },
)

app.get('/tasks/:id', authenticate, param('id').isUUID(), validate, (req, res) => {
  const task = findTask.get(req.params.id, req.user.sub)
  if (!task) return res.status(404).json({ error: 'Not found' })
  return res.set('ETag', `"${task.version}"`).json(toTask(task))
})

app.post('/tasks', authenticate, fields, validate, (req, res) => {
  const { title, description = '', dueDate = null, status = 'incomplete' } = req.body
  const id = randomUUID()
  const now = new Date().toISOString()
  insertTask.run(id, req.user.sub, title, description, dueDate, status, now, now)
  const task = findTask.get(id, req.user.sub)
  res.status(201).location(`/tasks/${id}`).set('ETag', `"${task.version}"`).json(toTask(task))
})

app.patch('/tasks/:id', authenticate, param('id').isUUID(), someFields, validate, (req, res) => {
  const task = findTask.get(req.params.id, req.user.sub)
  if (!task) return res.status(404).json({ error: 'Not found' })
  const wanted = req.get('If-Match')
  if (wanted && wanted !== `"${task.version}"`) return res.status(412).json({ error: 'Precondition failed' })
  const {
    title = task.title,
    description = task.description,
    dueDate = task.due_date,
    status = task.status,
  } = req.body
  const now = new Date().toISOString()
  updateTask.run(title, description, dueDate, status, now, task.id, req.user.sub, task.version)
  const changed = findTask.get(task.id, req.user.sub)
  return res.set('ETag', `"${changed.version}"`).json(toTask(changed))
})

app.use((error, req, res, _next) => {
  res.status(error.status ?? 500).json({ error: error.status ? error.message : 'Internal server error' })
})

const server = app.listen(Number(PORT), '127.0.0.1', () => process.send?.({ port: server.address().port }))

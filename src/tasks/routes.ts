import { actorOf } from '../http/authenticate.ts'
import { entityTag, isFresh, matchOf, ReadConditions, WriteConditions } from '../http/conditions.ts'
import { attemptOf, Idempotency, replayed } from '../http/idempotency.ts'
import { linksOf } from '../http/links.ts'
import { NotModified, Nothing } from '../http/schema.ts'
import type { Server } from '../http/server.ts'
import { listTasks } from './list.ts'
import * as shapes from './schema.ts'
import * as verbs from './tasks.ts'

const tags = ['tasks']

/** Adds the tasks and their list. */
export function addTasks(app: Server, services: verbs.Tasks): void {
  app.get(
    '/tasks',
    {
      schema: {
        tags,
        summary: 'List your tasks',
        operationId: 'listTasks',
        description:
          'A page at a time: follow `nextCursor`, or the `Link` header, with the same filters and sort.',
        problems: ['invalid-cursor'],
        headers: ReadConditions,
        querystring: shapes.ListQuery,
        response: { 200: shapes.TaskList, 304: NotModified },
      },
    },
    async (request, reply) => {
      const answer = await listTasks(services, actorOf(request), request.query, (tag) =>
        isFresh(request, reply, tag),
      )
      if (!answer.page) return reply.code(304).send()
      return reply.header('link', linksOf('/tasks', request.query, answer.page.nextCursor)).send(answer.page)
    },
  )

  app.post(
    '/tasks',
    {
      schema: {
        tags,
        summary: 'Create a task',
        operationId: 'createTask',
        problems: ['idempotency-key-reused'],
        headers: Idempotency,
        body: shapes.NewTask,
        response: { 201: shapes.Task },
      },
    },
    async (request, reply) => {
      const created = await verbs.createTask(services, actorOf(request), request.body, attemptOf(request))
      const task = replayed(reply, created)
      return reply
        .code(201)
        .headers({ location: `/tasks/${task.id}`, etag: entityTag(task.revision) })
        .send(task)
    },
  )

  app.get(
    '/tasks/:id',
    {
      schema: {
        tags,
        summary: 'Read a task',
        operationId: 'getTask',
        headers: ReadConditions,
        params: shapes.TaskId,
        response: { 200: shapes.Task, 304: NotModified },
      },
    },
    async (request, reply) => {
      const task = await verbs.readTask(services, actorOf(request), request.params.id)
      if (isFresh(request, reply, entityTag(task.revision))) return reply.code(304).send()
      return reply.send(task)
    },
  )

  app.put(
    '/tasks/:id',
    {
      schema: {
        tags,
        summary: 'Replace a task, or create it under an id of your own',
        operationId: 'replaceTask',
        description:
          'An omitted field takes its default. With `If-None-Match: *` and a new lower-case UUID it creates the task.',
        headers: WriteConditions,
        params: shapes.TaskId,
        body: shapes.TaskReplacement,
        response: { 200: shapes.Task, 201: shapes.Task },
      },
    },
    async (request, reply) => {
      const { task, isNew } = await verbs.replaceTask(
        services,
        actorOf(request),
        request.params.id,
        request.body,
        matchOf(request),
      )
      if (isNew) reply.code(201).header('location', `/tasks/${task.id}`)
      return reply.header('etag', entityTag(task.revision)).send(task)
    },
  )

  app.patch(
    '/tasks/:id',
    {
      schema: {
        tags,
        summary: 'Change some fields of a task',
        operationId: 'changeTask',
        description: 'A merge patch: an absent field is untouched, null clears `dueDate`.',
        headers: WriteConditions,
        params: shapes.TaskId,
        body: shapes.TaskPatch,
        response: { 200: shapes.Task },
      },
    },
    async (request, reply) => {
      const task = await verbs.changeTask(
        services,
        actorOf(request),
        request.params.id,
        request.body,
        matchOf(request),
      )
      return reply.header('etag', entityTag(task.revision)).send(task)
    },
  )

  app.delete(
    '/tasks/:id',
    {
      schema: {
        tags,
        summary: 'Delete a task',
        operationId: 'deleteTask',
        headers: WriteConditions,
        params: shapes.TaskId,
        response: { 204: Nothing },
      },
    },
    async (request, reply) => {
      await verbs.deleteTask(services, actorOf(request), request.params.id, matchOf(request))
      return reply.code(204).send()
    },
  )
}

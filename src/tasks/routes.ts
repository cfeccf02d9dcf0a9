import type { FastifyReply } from 'fastify'
import { actorOf } from '../http/protection/authenticate.ts'
import {
  entityTag,
  isFresh,
  matchOf,
  notModified,
  ReadConditions,
  WriteConditions,
} from '../http/answering/conditions.ts'
import { attemptOf, Idempotency, replayed } from '../http/answering/idempotency.ts'
import { linksOf } from '../http/answering/links.ts'
import { NotModified, Nothing } from '../http/answering/schema.ts'
import type { Server } from '../http/fastify.ts'
import * as examples from './examples.ts'
import { listTasks, type Lists } from './list.ts'
import * as shapes from './schema.ts'
import type { Task } from './schema.ts'
import * as verbs from './tasks.ts'
import type { Written } from './writing.ts'

const tags = ['tasks']
const jsonType = 'application/json; charset=utf-8'

/** Adds the tasks and their list. */
export function addTasks(app: Server, services: Lists): void {
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
        response: { 200: shapes.WrittenTaskList, 304: NotModified },
        sends: { 200: ['ETag', 'Link', 'Docket-Revision'], 304: ['ETag', 'Docket-Revision'] },
        examples: examples.listing,
      },
    },
    async (request, reply) => {
      const { page, revision } = await listTasks(services, actorOf(request), request.query, {
        isKnown: (tag) => isFresh(request, reply, tag),
        write: (list) => String(reply.serializeInput(list, '200')),
      })
      reply.header('docket-revision', revision)
      if (!page) return notModified(reply)
      reply.type(jsonType).header('link', linksOf('/tasks', request.query, page.nextCursor))
      return page.text
    },
  )

  app.post(
    '/tasks',
    {
      schema: {
        tags,
        summary: 'Create a task',
        operationId: 'createTask',
        headers: Idempotency,
        body: shapes.NewTask,
        response: { 201: shapes.Task },
        sends: { 201: ['ETag', 'Location', 'Docket-Revision', 'Idempotent-Replayed'] },
        examples: examples.creation,
      },
    },
    async (request, reply) => {
      const created = await verbs.createTask(services, actorOf(request), request.body, attemptOf(request))
      return written(reply, replayed(reply, created))
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
        sends: { 200: ['ETag'], 304: ['ETag'] },
        examples: examples.reading,
      },
    },
    async (request, reply) => {
      const task = await verbs.readTask(services, actorOf(request), request.params.id)
      return isFresh(request, reply, entityTag(task.revision)) ? notModified(reply) : task
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
        sends: { 200: ['ETag', 'Docket-Revision'], 201: ['ETag', 'Location', 'Docket-Revision'] },
        examples: examples.replacement,
      },
    },
    async (request, reply) => {
      const { id } = request.params
      return written(
        reply,
        await verbs.replaceTask(services, actorOf(request), id, request.body, matchOf(request)),
      )
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
        sends: { 200: ['ETag', 'Docket-Revision'] },
        examples: examples.change,
      },
    },
    async (request, reply) => {
      const { id } = request.params
      return written(
        reply,
        await verbs.changeTask(services, actorOf(request), id, request.body, matchOf(request)),
      )
    },
  )

  app.delete(
    '/tasks/:id',
    {
      schema: {
        tags,
        summary: 'Delete a task',
        operationId: 'deleteTask',
        description: 'Puts it into the trash; with `permanent=true` it is erased for good, from there too.',
        headers: WriteConditions,
        params: shapes.TaskId,
        querystring: shapes.DeleteQuery,
        response: { 204: Nothing },
        sends: { 204: ['Docket-Revision'] },
      },
    },
    async (request, reply) => {
      const { permanent } = request.query
      const { id } = request.params
      const revision = await verbs.deleteTask(services, actorOf(request), id, matchOf(request), permanent)
      reply.code(204).header('docket-revision', revision)
    },
  )

  app.post(
    '/tasks/:id/restore',
    {
      schema: {
        tags,
        summary: 'Take a task out of the trash',
        operationId: 'restoreTask',
        description:
          'One that is not in the trash stays as it is; one that was erased for good is not found.',
        headers: WriteConditions,
        params: shapes.TaskId,
        response: { 200: shapes.Task },
        sends: { 200: ['ETag', 'Docket-Revision'] },
        examples: examples.restoring,
      },
    },
    async (request, reply) => {
      const { id } = request.params
      return written(reply, await verbs.restoreTask(services, actorOf(request), id, matchOf(request)))
    },
  )
}

/** The task as a write left it, under its tag, with the revision that the write took, if it took one. */
function written(reply: FastifyReply, { task, isNew, revision }: Written): Task {
  if (isNew) reply.code(201).header('location', `/tasks/${task.id}`)
  if (revision !== undefined) reply.header('docket-revision', revision)
  reply.header('etag', entityTag(task.revision))
  return task
}

import type { FastifyRequest } from 'fastify'
import { sessionOf } from '../http/protection/authenticate.ts'
import { addressOf, networkOf } from '../http/reading/address.ts'
import type { Server } from '../http/fastify.ts'
import { Nothing } from '../http/answering/schema.ts'
import { defineFormat } from '../http/reading/validation.ts'
import * as verbs from './accounts.ts'
import * as examples from './examples.ts'
import { newPassword } from './passwords.ts'
import * as shapes from './schema.ts'
import { changeProfile, readProfile } from './profile.ts'
import { endSession, listSessions, logOut, refresh } from './sessions.ts'

const accounts = { tags: ['accounts'] }
const open = { config: { public: true } }

/** Adds registration, login, tokens, the profile and the sessions. */
export function addAccounts(app: Server, services: verbs.Accounts): void {
  defineFormat('new-password', newPassword)
  addRegister(app, services)
  addLogIn(app, services)
  addRefresh(app, services)
  addLogOut(app, services)
  addGetMe(app, services)
  addChangeMe(app, services)
  addChangePassword(app, services)
  addDeleteMe(app, services)
  addListSessions(app, services)
  addEndSession(app, services)
}

function addRegister(app: Server, services: verbs.Accounts): void {
  app.post(
    '/auth/register',
    {
      ...open,
      schema: {
        ...accounts,
        summary: 'Register an account',
        operationId: 'register',
        description: 'Makes the account and logs it in.',
        problems: ['registration-closed', 'email-taken', 'overloaded'],
        body: shapes.Registration,
        response: { 201: shapes.SignedIn },
        sends: { 201: ['Location'] },
        examples: examples.registration,
      },
    },
    async (request, reply) => {
      const signedIn = await verbs.register(services, request.body, clientOf(request))
      reply.code(201).header('location', '/me')
      return signedIn
    },
  )
}

function addLogIn(app: Server, services: verbs.Accounts): void {
  app.post(
    '/auth/login',
    {
      ...open,
      schema: {
        ...accounts,
        summary: 'Log in',
        operationId: 'logIn',
        problems: ['invalid-credentials', 'overloaded'],
        body: shapes.Credentials,
        response: { 200: shapes.SignedIn },
        examples: examples.login,
      },
    },
    (request) => verbs.logIn(services, request.body, clientOf(request)),
  )
}

function addRefresh(app: Server, services: verbs.Accounts): void {
  app.post(
    '/auth/refresh',
    {
      ...open,
      schema: {
        ...accounts,
        summary: 'Trade a refresh token for new tokens',
        operationId: 'refresh',
        description:
          'A refresh token is good once; for 10 seconds more it gives the same successor again. An older one ends its session.',
        problems: ['invalid-token'],
        body: shapes.RefreshRequest,
        response: { 200: shapes.TokenPair },
        examples: examples.renewal,
      },
    },
    (request) => refresh(services, request.body.refreshToken),
  )
}

function addLogOut(app: Server, services: verbs.Accounts): void {
  app.post(
    '/auth/logout',
    {
      config: { scope: 'account' },
      schema: {
        ...accounts,
        summary: 'Log out',
        operationId: 'logOut',
        description: 'Ends the session of the access token.',
        response: { 204: Nothing },
      },
    },
    async (request, reply) => {
      await logOut(services, sessionOf(request))
      reply.code(204)
    },
  )
}

function addGetMe(app: Server, services: verbs.Accounts): void {
  app.get(
    '/me',
    {
      config: { scope: 'account' },
      schema: {
        ...accounts,
        summary: 'Read your account',
        operationId: 'getMe',
        response: { 200: shapes.User },
        examples: examples.reading,
      },
    },
    (request) => readProfile(services, sessionOf(request)),
  )
}

function addChangeMe(app: Server, services: verbs.Accounts): void {
  app.patch(
    '/me',
    {
      config: { scope: 'account' },
      schema: {
        ...accounts,
        summary: 'Change your name or time zone',
        description: 'A body of type `application/merge-patch+json` is taken too.',
        // openapi-python-client breaks on a body of two types where no parameter is optional.
        consumes: ['application/json'],
        operationId: 'changeMe',
        body: shapes.ProfilePatch,
        response: { 200: shapes.User },
        sends: { 200: ['Docket-Revision'] },
        examples: examples.change,
      },
    },
    async (request, reply) => {
      const { thing: user, revision } = await changeProfile(services, sessionOf(request), request.body)
      if (revision !== undefined) reply.header('docket-revision', revision)
      return user
    },
  )
}

function addChangePassword(app: Server, services: verbs.Accounts): void {
  app.put(
    '/me/password',
    {
      config: { scope: 'account' },
      schema: {
        ...accounts,
        summary: 'Change your password',
        operationId: 'changePassword',
        description: 'Ends every other session and answers new tokens for this one.',
        problems: ['wrong-password', 'overloaded'],
        body: shapes.PasswordChange,
        response: { 200: shapes.TokenPair },
        examples: examples.passwordChange,
      },
    },
    (request) => verbs.changePassword(services, sessionOf(request), request.body, clientOf(request)),
  )
}

function addDeleteMe(app: Server, services: verbs.Accounts): void {
  app.post(
    '/me/deletion',
    {
      config: { scope: 'account' },
      schema: {
        ...accounts,
        summary: 'Delete your account',
        operationId: 'deleteMe',
        description:
          'Closes the account at once and for good: its tokens are invalid and its e-mail address is free. What it owns ' +
          'is out of reach from then on, and is erased within minutes.',
        problems: ['wrong-password', 'overloaded'],
        body: shapes.Deletion,
        response: { 204: Nothing },
        examples: examples.deletion,
      },
    },
    async (request, reply) => {
      await verbs.deleteAccount(services, sessionOf(request), request.body.password, clientOf(request))
      reply.code(204)
    },
  )
}

function addListSessions(app: Server, services: verbs.Accounts): void {
  app.get(
    '/me/sessions',
    {
      config: { scope: 'account' },
      schema: {
        ...accounts,
        summary: 'List your sessions',
        operationId: 'listSessions',
        response: { 200: shapes.SessionList },
        examples: examples.sessions,
      },
    },
    async (request) => ({ items: await listSessions(services, sessionOf(request)) }),
  )
}

function addEndSession(app: Server, services: verbs.Accounts): void {
  app.delete(
    '/me/sessions/:id',
    {
      config: { scope: 'account' },
      schema: {
        ...accounts,
        summary: 'End one of your sessions',
        operationId: 'endSession',
        params: shapes.SessionId,
        response: { 204: Nothing },
      },
    },
    async (request, reply) => {
      await endSession(services, sessionOf(request), request.params.id)
      reply.code(204)
    },
  )
}

function clientOf(request: FastifyRequest): verbs.Client {
  const address = addressOf(request)
  return { address, network: networkOf(address), userAgent: request.headers['user-agent'] }
}

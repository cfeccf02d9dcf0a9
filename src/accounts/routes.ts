import type { FastifyReply, FastifyRequest } from 'fastify'
import { sessionOf } from '../http/protection/authenticate.ts'
import {
  clearRefreshCookie,
  refreshCookieOf,
  refuseForms,
  setRefreshCookie,
} from '../http/protection/refresh-cookie.ts'
import { addressOf, networkOf } from '../http/reading/address.ts'
import type { Server } from '../http/fastify.ts'
import { Nothing } from '../http/answering/schema.ts'
import { defineFormat } from '../http/reading/validation.ts'
import * as verbs from './accounts.ts'
import * as examples from './examples.ts'
import { newPassword } from './passwords.ts'
import * as shapes from './schema.ts'
import { changeProfile, readProfile } from './profile.ts'
import { addSessions } from './session-routes.ts'
import { idleSeconds, logOut, refresh } from './sessions.ts'

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
  addSessions(app, services)
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
        sends: { 201: ['Location', 'Set-Cookie'] },
        examples: examples.registration,
      },
    },
    async (request, reply) => {
      const signedIn = await verbs.register(services, request.body, clientOf(request))
      reply.code(201).header('location', '/me')
      return delivered(request, reply, signedIn)
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
        problems: ['invalid-credentials', 'account-disabled', 'overloaded'],
        body: shapes.Credentials,
        response: { 200: shapes.SignedIn },
        sends: { 200: ['Set-Cookie'] },
        examples: examples.login,
      },
    },
    async (request, reply) =>
      delivered(request, reply, await verbs.logIn(services, request.body, clientOf(request))),
  )
}

function addRefresh(app: Server, services: verbs.Accounts): void {
  app.post(
    '/auth/refresh',
    {
      ...open,
      onRequest: refuseForms,
      schema: {
        ...accounts,
        summary: 'Trade a refresh token for new tokens',
        operationId: 'refresh',
        description:
          'A refresh token is good once; for 10 seconds more it gives the same successor again. An older one ends its session. ' +
          'The cookie is taken only from a page of this server.',
        problems: ['invalid-token', 'cross-site'],
        body: shapes.RefreshRequest,
        response: { 200: shapes.TokenPair },
        sends: { 200: ['Set-Cookie'] },
        examples: examples.renewal,
      },
    },
    async (request, reply) => {
      const { refreshToken } = request.body
      const token = refreshToken === inCookie ? refreshCookieOf(request) : refreshToken
      return delivered(request, reply, await refresh(services, token))
    },
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
        sends: { 204: ['Set-Cookie'] },
      },
    },
    async (request, reply) => {
      await logOut(services, sessionOf(request))
      clearRefreshCookie(reply)
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
        sends: { 200: ['Set-Cookie'] },
        examples: examples.passwordChange,
      },
    },
    async (request, reply) => {
      const actor = sessionOf(request)
      const tokens = await verbs.changePassword(services, actor, request.body, clientOf(request))
      return delivered(request, reply, tokens)
    },
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

/** What a client says instead of a refresh token to have it in the cookie. */
const inCookie = 'cookie'

/** The tokens as they are answered: the refresh token goes into the cookie instead, if the request says so. */
function delivered<Tokens extends { refreshToken: string }>(
  { body: { refreshToken: place } }: { body: { refreshToken?: string } },
  reply: FastifyReply,
  tokens: Tokens,
): Tokens | Omit<Tokens, 'refreshToken'> {
  if (place !== inCookie) return tokens
  const { refreshToken, ...others } = tokens
  setRefreshCookie(reply, refreshToken, idleSeconds)
  return others
}

function clientOf(request: FastifyRequest): verbs.Client {
  const address = addressOf(request)
  return { address, network: networkOf(address), userAgent: request.headers['user-agent'] }
}

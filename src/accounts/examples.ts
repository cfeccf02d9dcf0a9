import type { Session, TokenPair, User } from './schema.ts'

// Examples of the OpenAPI document. A test sends each body to a server where `ada` is logged in, and compares.

const password = 'correct horse battery staple'

const ada: User = {
  id: '019aa8b1-02c4-7d6e-8f21-4c9d1e6a7b35',
  email: 'ada@example.com',
  name: 'Ada',
  timeZone: 'Europe/London',
  createdAt: '2026-11-22T09:28:00.000Z',
}

const tokens: TokenPair = {
  accessToken: 'eyJhbGciOiJIUzI1NiIsInR5cCI6ImF0K2p3dCJ9…',
  tokenType: 'Bearer',
  expiresIn: 3600,
  refreshToken: '019aa8b1-02d0-7a15-b3c8-9e0f2d4c6a71.0.q3Vt…',
}

const session: Session = {
  id: '019aa8b1-02d0-7a15-b3c8-9e0f2d4c6a71',
  createdAt: '2026-11-22T09:28:00.000Z',
  lastUsedAt: '2026-11-22T09:28:00.000Z',
  userAgent: 'curl/8.14.1',
  ipAddress: '203.0.113.7',
  current: true,
}

const signedIn = { user: ada, ...tokens }

export const registration = {
  everything: {
    summary: 'With name and time zone',
    body: { email: ada.email, password, name: ada.name, timeZone: ada.timeZone },
    status: 201,
    answer: signedIn,
  },
  leastOfAll: {
    summary: 'E-mail address and password',
    body: { email: ada.email, password },
    status: 201,
    answer: { ...signedIn, user: { ...ada, name: '', timeZone: 'UTC' } },
  },
}

export const login = {
  ada: { summary: 'Log in', body: { email: ada.email, password }, status: 200, answer: signedIn },
  page: {
    summary: 'Log in, with the refresh token in a cookie',
    body: { email: ada.email, password, refreshToken: 'cookie' },
    status: 200,
    answer: { ...signedIn, refreshToken: undefined },
  },
}

export const renewal = {
  renew: {
    summary: 'Trade the refresh token',
    body: { refreshToken: tokens.refreshToken },
    status: 200,
    answer: tokens,
  },
}

export const reading = { ada: { summary: 'Your account', status: 200, answer: ada } }

export const change = {
  move: {
    summary: 'Move to another time zone',
    body: { timeZone: 'Europe/Berlin' },
    status: 200,
    answer: { ...ada, timeZone: 'Europe/Berlin' },
  },
}

export const passwordChange = {
  change: {
    summary: 'A new password',
    body: { currentPassword: password, newPassword: 'an even longer line of words' },
    status: 200,
    answer: tokens,
  },
}

export const deletion = {
  goodbye: { summary: 'Delete the account', body: { password }, status: 204 },
}

export const sessions = {
  one: { summary: 'A single session', status: 200, answer: { items: [session] } },
}

import assert from 'node:assert/strict'
import type { Docket, User } from './harness.ts'

/** Sets the server's clock to an instant or to epoch ms, and refreshes the user's tokens: one lasts only an hour. */
export async function travel(server: Docket, user: User, to: string | number): Promise<void> {
  server.advance((typeof to === 'string' ? Date.parse(to) : to) - server.now())
  const { status, body, text } = await server.request('POST', '/auth/refresh', {
    body: { refreshToken: user.refreshToken },
  })
  assert.equal(status, 200, text)
  Object.assign(user, { accessToken: body.accessToken, refreshToken: body.refreshToken })
}

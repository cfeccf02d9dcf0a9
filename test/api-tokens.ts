import assert from 'node:assert/strict'
import { userOf, type Docket, type User } from './harness.ts'

/** A user whose requests carry an API token. */
export interface TokenUser extends User {
  tokenId: string
  token: string
}

/** Creates an API token, and returns the user with it in place of their access token. */
export async function withToken(
  { request }: Pick<Docket, 'request'>,
  user: User,
  scopes: string[],
  more: object = {},
): Promise<TokenUser> {
  const created = await user.post('/me/tokens', { name: scopes.join(), scopes, ...more })
  assert.equal(created.status, 201, created.text)
  const { id: tokenId, token } = created.body
  return { ...userOf({ user, accessToken: token, refreshToken: '' }, request), tokenId, token }
}

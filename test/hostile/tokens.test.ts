import assert from 'node:assert/strict'
import { createHmac, generateKeyPairSync, sign } from 'node:crypto'
import { test } from 'node:test'
import { createKeyring } from '../../src/core/keyring.ts'
import { newId } from '../../src/core/id.ts'
import { assertProblem, docket } from '../harness.ts'

const secret = 'a secret of the test that the server knows too'
const key = createKeyring([secret]).signing
const signingKey = key.for('access-token')
const now = Date.UTC(2026, 10, 22, 12)
const seconds = now / 1000
const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'

type Json = Record<string, unknown>

const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url')
const decode = (part: string): Json => JSON.parse(Buffer.from(part, 'base64url').toString())
const hmac = (algorithm: string, text: string, secretKey: Buffer | string = signingKey) =>
  createHmac(algorithm, secretKey).update(text).digest('base64url')

/** Signs any header and claims with the server's own key, to show that a valid signature alone is not enough. */
function signed(header: unknown, claims: unknown): string {
  const text = `${encode(header)}.${encode(claims)}`
  return `${text}.${hmac('sha256', text)}`
}

const without = (object: Json, name: string): Json => {
  const { [name]: _, ...rest } = object
  return rest
}

/** Returns the base64url text with one bit of its bytes flipped. */
function flipped(part: string, bit: number): string {
  const bytes = Buffer.from(part, 'base64url')
  const at = Math.floor(bit / 8)
  bytes[at] = (bytes[at] ?? 0) ^ (1 << (bit % 8))
  return bytes.toString('base64url')
}

test('every altered access token is refused', async (t) => {
  const server = await docket(t, { now, isStill: true, env: { DOCKET_SECRET: secret } })
  const { accessToken, refreshToken, id: sub } = server.alice
  const [head = '', body = '', signature = ''] = accessToken.split('.')
  const [header, claims] = [decode(head), decode(body)]
  const me = (token: string) =>
    server.request('GET', '/me', { headers: { authorization: `Bearer ${token}` } })
  const refuse = async (token: string) => {
    const answer = await me(token)
    assertProblem(answer, 401, 'invalid-token')
    assert.equal(answer.headers.get('www-authenticate'), 'Bearer realm="docket", error="invalid_token"')
  }
  const signedWith = (change: Json) => signed({ ...header, ...change }, claims)
  const claiming = (change: Json) => signed(header, { ...claims, ...change })

  await t.test('the token itself is accepted, and so is a valid one signed by the test', async () => {
    assert.equal((await me(accessToken)).status, 200)
    const own = claiming({ jti: newId() })
    assert.notEqual(own, accessToken)
    assert.equal((await me(own)).body.id, sub)
    assert.equal((await me(claiming({ iat: seconds + 60, exp: seconds + 3660 }))).status, 200) // clocks may differ
  })

  const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const ed25519 = generateKeyPairSync('ed25519')
  const byKeyPair = (alg: string, make: (text: Buffer) => Buffer) => {
    const text = `${encode({ ...header, alg })}.${body}`
    return `${text}.${make(Buffer.from(text)).toString('base64url')}`
  }
  const byHmac = (alg: string, hash: string) => {
    const text = `${encode({ ...header, alg })}.${body}`
    return `${text}.${hmac(hash, text)}`
  }
  const jwk = { kty: 'oct', k: Buffer.from('attacker').toString('base64url') }
  const selfSigned = (change: Json, own: string) => {
    const text = `${encode({ ...header, ...change })}.${body}`
    return `${text}.${hmac('sha256', text, own)}`
  }

  const mutants: Record<string, string> = {
    'alg none, without a signature': `${encode({ ...header, alg: 'none' })}.${body}.`,
    'alg NonE, without a signature': `${encode({ ...header, alg: 'NonE' })}.${body}.`,
    'alg none, with the old signature': `${encode({ ...header, alg: 'none' })}.${body}.${signature}`,
    'alg none, rightly signed': signedWith({ alg: 'none' }),
    'alg NonE, rightly signed': signedWith({ alg: 'NonE' }),
    'alg hs256 in lower case': signedWith({ alg: 'hs256' }),
    'alg HS384': byHmac('HS384', 'sha384'),
    'alg HS512': byHmac('HS512', 'sha512'),
    'alg RS256': byKeyPair('RS256', (text) => sign('sha256', text, rsa.privateKey)),
    'alg EdDSA': byKeyPair('EdDSA', (text) => sign(null, text, ed25519.privateKey)),
    'alg RS256, signed as HS256': signedWith({ alg: 'RS256' }),
    'alg in a list': signedWith({ alg: ['HS256'] }),
    'no alg': signed(without(header, 'alg'), claims),
    'crit of something unknown': signedWith({ crit: ['exp'], exp: seconds }),
    'crit of b64': signedWith({ crit: ['b64'], b64: true }),
    'crit that is empty': signedWith({ crit: [] }),
    'b64 false': signedWith({ b64: false }),
    zip: signedWith({ zip: 'DEF' }),
    'jku, rightly signed': signedWith({ jku: 'https://attacker.example/keys' }),
    'jwk, rightly signed': signedWith({ jwk }),
    'jwk of an attacker': selfSigned({ jwk }, 'attacker'),
    x5u: signedWith({ x5u: 'https://attacker.example/cert' }),
    x5c: signedWith({ x5c: ['MIIB'] }),
    'kid of a path': selfSigned({ kid: '../../../../dev/null' }, ''),
    'kid of SQL': selfSigned({ kid: "x' union select 'attacker' --" }, 'attacker'),
    'kid of a prototype': selfSigned({ kid: '__proto__' }, ''),
    'kid that is empty': signedWith({ kid: '' }),
    'kid in a list': signedWith({ kid: [header['kid']] }),
    'no kid': signed(without(header, 'kid'), claims),
    'another secret': selfSigned({}, 'another secret, just as long as the first one'),
    'the key of refresh tokens': `${head}.${body}.${hmac('sha256', `${head}.${body}`, key.for('refresh-token'))}`,
    'the secret itself for a key': selfSigned({}, secret),
    'an empty key': selfSigned({}, ''),
    'typ JWT': signedWith({ typ: 'JWT' }),
    'typ of an id token': signedWith({ typ: 'id+jwt' }),
    'no typ': signed(without(header, 'typ'), claims),
    'aud of another server': claiming({ aud: 'other' }),
    'aud in a list with another': claiming({ aud: ['docket', 'other'] }),
    'no aud': signed(header, without(claims, 'aud')),
    'iss of another server': claiming({ iss: 'https://attacker.example' }),
    'no iss': signed(header, without(claims, 'iss')),
    'exp as text': claiming({ exp: String(seconds + 3600) }),
    'exp that is null': claiming({ exp: null }),
    'exp past by more than a minute': claiming({ exp: seconds - 60 }),
    'exp past, and a long one before': claiming({ iat: seconds - 7300, exp: seconds + 3600 }),
    'no exp': signed(header, without(claims, 'exp')),
    'iat more than 60 s ahead': claiming({ iat: seconds + 61 }),
    'iat as text': claiming({ iat: String(seconds) }),
    'no iat': signed(header, without(claims, 'iat')),
    'nbf ahead': claiming({ nbf: seconds + 61 }),
    'no jti': signed(header, without(claims, 'jti')),
    'no sub': signed(header, without(claims, 'sub')),
    'no sid': signed(header, without(claims, 'sid')),
    'sid of no session': claiming({ sid: newId() }),
    'sub of nobody': claiming({ sub: newId() }),
    'sub that is a number': claiming({ sub: 1 }),
    'sub of SQL': claiming({ sub: "' or ''='" }),
    'sid in a list': claiming({ sid: [claims['sid']] }),
    'claims that are a list': signed(header, [claims]),
    'claims that are null': signed(header, null),
    'claims that are text': signed(header, 'claims'),
    'a header that is null': signed(null, claims),
    'a header that is a list': signed([header], claims),
    'a header that is no JSON': `${Buffer.from('{').toString('base64url')}.${body}.${signature}`,
    'four parts': `${accessToken}.${signature}`,
    'five parts': `${accessToken}.x.y`,
    'a JWE': `${encode({ alg: 'dir', enc: 'A256GCM' })}..${'A'.repeat(16)}.${body}.${'A'.repeat(22)}`,
    'the flattened JSON form': JSON.stringify({ protected: head, payload: body, signature }),
    'the general JSON form': JSON.stringify({ payload: body, signatures: [{ protected: head, signature }] }),
    'two parts': `${head}.${body}`,
    'an empty signature': `${head}.${body}.`,
    'a signature cut by a character': accessToken.slice(0, -1),
    'a padded signature': `${accessToken}=`,
    'the standard alphabet': `${head}.${body}.${Buffer.from(signature, 'base64url').toString('base64')}`,
    'a dot before': `.${accessToken}`,
    'quotes around': `"${accessToken}"`,
    'more than 4 KiB, rightly signed': claiming({ more: 'x'.repeat(4096) }),
    'a refresh token': refreshToken,
    'a refresh token’s parts signed as a token': signed({ ...header, typ: 'rt+jwt' }, claims),
  }
  for (const [name, mutant] of Object.entries(mutants)) {
    await t.test(name, async () => {
      assert.notEqual(mutant, accessToken)
      await refuse(mutant)
    })
  }

  await t.test('a session of another user', async () => {
    const bob = await server.register('bob')
    const ofBob = decode(bob.accessToken.split('.')[1] ?? '')
    await refuse(claiming({ sid: ofBob['sid'] }))
    await refuse(claiming({ sub: ofBob['sub'] }))
  })

  await t.test('any single flipped bit', async () => {
    const parts = [head, body, signature]
    for (const [i, part] of parts.entries()) {
      const bits = Buffer.from(part, 'base64url').length * 8
      for (let bit = 0; bit < bits; bit += 1) await refuse(parts.with(i, flipped(part, bit)).join('.'))
    }
  })

  await t.test('every other last character', async () => {
    const last = accessToken.slice(-1)
    const meant = Buffer.from(signature, 'base64url')
    const spellings = alphabet.split('').filter((letter) => letter !== last)
    const equivalent = spellings.filter((letter) =>
      Buffer.from(signature.slice(0, -1) + letter, 'base64url').equals(meant),
    )
    assert.equal(equivalent.length, 3) // two of its six bits are unused
    for (const letter of spellings) await refuse(accessToken.slice(0, -1) + letter)
  })

  await t.test('other forms of the Authorization header', async () => {
    const forms = ['', 'Bearer', 'Bearer ', accessToken, `Basic ${accessToken}`, `Token ${accessToken}`]
    forms.push(
      `Bearer${accessToken}`,
      `Bearer ${accessToken} x`,
      `Bearer ${accessToken},Bearer ${accessToken}`,
    )
    for (const authorization of forms) {
      const answer = await server.request('GET', '/me', { headers: { authorization } })
      assertProblem(answer, 401, 'invalid-token')
      assert.match(answer.headers.get('www-authenticate') ?? '', /^Bearer realm="docket"/)
    }
  })

  await t.test('the token itself is still accepted', async () => {
    assert.equal((await me(accessToken)).status, 200)
    assert.equal(
      (await server.request('GET', '/me', { headers: { authorization: `bearer ${accessToken}` } })).status,
      200,
    )
  })
})

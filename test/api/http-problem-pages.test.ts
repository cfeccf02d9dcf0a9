import assert from 'node:assert/strict'
import { test } from 'node:test'
import { catalogue } from '../../src/core/catalogue.ts'
import { assertProblem, docket } from '../harness.ts'

test('the type of a problem is the path of its explanation', async (t) => {
  const { request } = await docket(t, { withAlice: false })

  for (const [slug, { title, explanation, mend }] of Object.entries(catalogue)) {
    await t.test(`/problems/${slug}, for programs and for people`, async () => {
      const { status, body, headers } = await request('GET', `/problems/${slug}`)
      assert.equal(status, 200)
      assert.match(headers.get('content-type') ?? '', /^application\/json/)
      assert.deepEqual(
        { ...body, status: 0 },
        { type: `/problems/${slug}`, title, status: 0, explanation, mend },
      )
      assert.ok(body.status >= 400 && body.status < 600)

      const accept = 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8'
      const page = await request('GET', `/problems/${slug}`, { headers: { accept } })
      assert.equal(page.status, 200)
      assert.equal(page.headers.get('content-type'), 'text/html; charset=utf-8')
      assert.match(page.text, /^<!doctype html>/)
      const policy = page.headers.get('content-security-policy') ?? ''
      for (const directive of ['base-uri', 'form-action']) assert.ok(policy.includes(`${directive} 'none'`)) // default-src leaves both open
      assert.ok(page.text.includes(`${body.status} ${title}`))
      assert.doesNotMatch(page.text, /<script|https?:\/\//)
    })
  }

  await t.test('an unknown slug is not found', async () => {
    for (const slug of [
      'nonsense',
      '__proto__',
      'constructor',
      'Not-Found',
      '',
      '..%2f..%2fetc%2fpasswd',
      '%3Cscript%3E',
    ]) {
      const answer = await request('GET', `/problems/${slug}`, { headers: { accept: 'text/html' } })
      assertProblem(answer, 404, 'not-found')
      assert.doesNotMatch(answer.text, /<script/)
    }
  })
})

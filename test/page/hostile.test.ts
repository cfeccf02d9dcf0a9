import assert from 'node:assert/strict'
import { test } from 'node:test'
import { open, skip } from './browser.ts'

const script = `<img src=x onerror="window.hit=1"><svg onload="window.hit=1"><script>window.hit=1</script>`
const links = [
  '[a](javascript:window.hit=1)',
  '[b](JaVaScRiPt:window.hit=1)',
  '[c](data:text/html,<script>window.hit=1</script>)',
  '[d](vbscript:x)',
  '<javascript:window.hit=1>',
  '[e](https://example.com/"onmouseover="window.hit=1)',
]

test('what is stored is never run', { skip }, async (t) => {
  const user = await open(t, {
    expected: /Trusted(?:HTML|Script)|connect-src|Refused to connect|net::ERR/,
    seed: async (send) => {
      const project = await send('POST', '/projects', { name: script.slice(0, 100) })
      const projectId = typeof project === 'object' && project !== null && 'id' in project ? project.id : null
      await send('POST', '/tasks', {
        title: script,
        description: [script, ...links, '```', script, '```', `- [ ] ${script}`, `> ${script}`].join('\n\n'),
        labels: [script.slice(0, 50), '"><b onclick=1>'],
        projectId,
      })
      await send('POST', '/tasks', {
        title: 'Deep',
        description: `${'>'.repeat(5000)}${'[a]('.repeat(1200)}`,
      })
      await send('PATCH', '/me', { name: script.slice(0, 100) })
    },
  })
  const { page, server } = user
  for (const view of [
    'inbox',
    'today',
    'upcoming',
    'labels',
    'done',
    'trash',
    'settings',
    `search/${encodeURIComponent('<img')}`,
  ]) {
    await user.go(view)
    await page.locator('.view-title').waitFor()
  }
  await page.locator('.row.task .title').first().click()
  await page.locator('.markdown').waitFor()
  const hrefs = await page
    .locator('.markdown a')
    .evaluateAll((all) => all.map((link) => link.getAttribute('href') ?? ''))
  for (const href of hrefs) assert.match(href, /^https:/)
  assert.equal(await page.locator('.markdown :is(img, svg, script)').count(), 0)
  await page
    .getByRole('button', { name: /^Actions for/ })
    .last()
    .click()
  assert.equal(await page.evaluate(() => 'hit' in window), false)
  await page.keyboard.press('Escape')
  await user.go('inbox')
  await user.row('Deep').getByRole('link').click()
  await page.locator('.markdown blockquote').first().waitFor()

  // Nor can the page be made to run what is not its own.
  const refused = await page.evaluate(async () => {
    // What the debugger evaluates may do what the page may not, so the page does it later.
    await new Promise((resolve) => setTimeout(resolve))
    const tries = [
      () => (document.body.innerHTML = '<b>x</b>'),
      () => Reflect.apply(Function, undefined, ['return 1']),
      () => Object.assign(document.createElement('script'), { text: 'window.hit = 1' }),
    ]
    return tries.filter((attempt) => {
      try {
        attempt()
        return false
      } catch {
        return true
      }
    }).length
  })
  assert.equal(refused, 3)
  const elsewhere = await page.evaluate(() =>
    fetch('https://example.com').then(
      () => 'sent',
      () => 'refused',
    ),
  )
  assert.equal(elsewhere, 'refused')
  const asked = await page.evaluate(() =>
    performance.getEntriesByType('resource').map(({ name }) => new URL(name).origin),
  )
  assert.deepEqual(
    [...new Set(asked.filter((origin) => origin !== 'https://example.com'))],
    [new URL(server.url).origin],
  )
})

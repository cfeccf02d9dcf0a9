import { readFileSync } from 'node:fs'
import type { Page } from 'playwright-core'

/** The source of axe, which finds what shuts people out. */
const axe = () => readFileSync(new URL('../../node_modules/axe-core/axe.min.js', import.meta.url), 'utf8')

const rules = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']

/** What axe finds, in a line each; of colours alone, since a theme changes nothing else. */
export async function faultsOf(page: Page, isOfColors = false): Promise<string[]> {
  const isThere = await page.evaluate(() => 'axe' in window)
  // The debugger may add what the page's own policy would refuse.
  if (!isThere) await page.evaluate(axe())
  return page.evaluate(
    async (runOnly) => {
      const { axe: tool }: { axe?: { run(options: object): Promise<{ violations: Violation[] }> } } =
        window as object
      interface Violation {
        id: string
        help: string
        nodes: { html: string; failureSummary: string }[]
      }
      const found = await tool?.run({ runOnly })
      return (found?.violations ?? []).flatMap(({ id, help, nodes }) =>
        nodes.map(({ html, failureSummary }) => `${id}: ${help}: ${html.slice(0, 200)} ${failureSummary}`),
      )
    },
    isOfColors ? ['color-contrast'] : rules,
  )
}

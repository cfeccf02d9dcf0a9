import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { access, mkdtempDisposable, readFile, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { withToken } from '../api-tokens.ts'
import { docket, password } from '../harness.ts'

const run = promisify(execFile)
const root = fileURLToPath(new URL('../..', import.meta.url))
const separator = '--- next step ---'

test('the package installs into an empty folder, and its README tells the truth', async (t) => {
  await using folder = await mkdtempDisposable(join(tmpdir(), 'docket-client-'))
  const inFolder = { cwd: folder.path }
  await run('npm', ['pack', '-w', 'client', '--pack-destination', folder.path], { cwd: root })
  await writeFile(join(folder.path, 'package.json'), '{ "type": "module", "private": true }')
  // The package has no dependency, so this asks no registry. Its optional peer is taken from here.
  await run('npm', ['install', '--offline', '--no-audit', '--no-fund', './docket-client-0.1.0.tgz'], inFolder)
  await symlink(join(root, 'node_modules/chrono-node'), join(folder.path, 'node_modules/chrono-node'))

  const { code, shown } = examplesOf(await readFile(join(root, 'client/README.md'), 'utf8'))

  const compilers: [environment: string, options: string[]][] = [
    ['a browser', ['--lib', 'es2022,dom', '--types', '']],
    ['Node', ['--lib', 'es2022', '--types', 'node', '--typeRoots', join(root, 'node_modules/@types')]],
  ]
  for (const [environment, options] of compilers) {
    await t.test(`its types are whole in ${environment}`, async () => {
      const file = join(folder.path, 'example.ts')
      await writeFile(file, code)
      const strict = ['--strict', '--noEmit', '--module', 'nodenext', '--target', 'es2022']
      await run(
        process.execPath,
        [join(root, 'node_modules/typescript/bin/tsc'), ...strict, ...options, file],
        inFolder,
      )
    })
  }

  for (const [version, node] of await nodes()) {
    await t.test(`its examples print what they say under Node ${version}`, async (one) => {
      const server = await docket(one, { withAlice: false })
      const ada = await server.register('ada')
      const { token } = await withToken(server, ada, ['tasks:write'])
      const file = join(folder.path, 'example.mjs')
      await writeFile(file, code.replaceAll('http://127.0.0.1:3000', server.url).replace('dkt_…', token))
      const { stdout } = await run(node, [file], inFolder)
      assert.deepEqual(stdout.split(`${separator}\n`).slice(0, -1), shown)
    })
  }
})

/** All examples as one program that prints a line between them, and what each shall print. */
function examplesOf(readme: string): { code: string; shown: string[] } {
  const examples = [...readme.matchAll(/^```ts\n(.*?)^```\n\n```text\n(.*?)^```$/gms)]
  assert.ok(readme.includes(password))
  assert.equal(examples.length, readme.match(/^```ts$/gm)?.length)
  return {
    code: examples.map(([, text]) => `${text}console.log('${separator}')\n`).join(''),
    shown: examples.map(([, , text = '']) => text),
  }
}

/** The Node that runs the tests, and another one that this machine has in PATH: CI has Node 20. */
async function nodes(): Promise<Map<string, string>> {
  const found = new Map([[process.version, process.execPath]])
  for (const folder of (process.env['PATH'] ?? '').split(delimiter)) {
    const node = join(folder, 'node')
    if (
      !(await access(node).then(
        () => true,
        () => false,
      ))
    )
      continue
    const { stdout } = await run(node, ['--version'])
    if (Number(/^v(\d+)/.exec(stdout)?.[1]) >= 20 && !found.has(stdout.trim())) found.set(stdout.trim(), node)
  }
  return found
}

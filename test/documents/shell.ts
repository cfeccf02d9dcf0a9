import { spawn } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { Writable } from 'node:stream'

/** What a script printed, on both its outputs and on the first alone. */
export interface Ran {
  hasFailed: boolean
  stdout: string
  said: string
}

/** One shell for all scripts, as an operator has: variables, functions and the folder stay. */
export interface Shell {
  run(script: string): Promise<Ran>
}

/** `typed` is what each script reads from standard input. */
export function openShell(folder: string, env: NodeJS.ProcessEnv, typed: string): Shell {
  const [current, input] = ['script', 'typed'].map((name) => join(folder, name))
  if (current === undefined || input === undefined) throw new Error('there are two files')
  writeFileSync(input, typed)
  const loop = [
    'set -Eeuo pipefail',
    `trap 'echo "failed: $BASH_COMMAND" >&2' ERR`,
    `while read -r <&4; do source '${current}' < '${input}'; echo done >&3; done`,
  ].join('\n')
  const stdio = ['ignore', 'pipe', 'pipe', 'pipe', 'pipe'] as const
  const child = spawn('bash', ['-c', loop], { env, cwd: '/root', stdio: [...stdio] })
  const [, stdout, stderr, told, go] = child.stdio
  if (!told || !(go instanceof Writable)) throw new Error('there are no pipes')
  const answers = createInterface({ input: told as NodeJS.ReadableStream })[Symbol.asyncIterator]()
  let ran = { stdout: '', said: '' }
  stdout?.on('data', (chunk) => {
    ran = { stdout: ran.stdout + String(chunk), said: ran.said + String(chunk) }
  })
  stderr?.on('data', (chunk) => void (ran = { ...ran, said: ran.said + String(chunk) }))

  return {
    async run(script) {
      ran = { stdout: '', said: '' }
      writeFileSync(current, script)
      go.write('\n')
      const { done = false } = await answers.next()
      await new Promise(setImmediate) // what it printed has come by now
      return { hasFailed: done, ...ran }
    },
  }
}

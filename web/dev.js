// Runs the server, which starts again at each change, and the page before it, which reloads at each change.

import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { createServer } from 'vite'

const root = join(import.meta.dirname, '..')
const server = spawn(process.execPath, ['--watch', 'src/main.ts', 'serve'], { cwd: root, stdio: 'inherit' })
const page = await createServer({ configFile: join(import.meta.dirname, 'vite.config.js') })
await page.listen()
page.printUrls()
const stop = () => {
  server.kill()
  void page.close()
}
for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, stop)
server.once('exit', stop)

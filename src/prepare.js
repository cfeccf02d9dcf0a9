// Loaded before the rest of the program. Plain JavaScript, so that an older Node can run it and report its version.
import module from 'node:module'
import { fileURLToPath } from 'node:url'

const oldestNode = 26

if (Number(process.versions.node.split('.')[0]) < oldestNode) {
  console.error(
    `Docket needs Node ${oldestNode} or later; this is Node ${process.versions.node}. After \`npm ci\`, \`npm start\` and \`npx docket\` bring their own.`,
  )
  process.exit(1)
}

// Halves the start-up time. The cache is in the installation, where only someone who can change this file can write.
module.enableCompileCache(fileURLToPath(new URL('../node_modules/.cache/docket', import.meta.url)))

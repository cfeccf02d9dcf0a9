// Loaded before any of the program. Plain JavaScript, so that an older Node can say that it is too old.
import module from 'node:module'
import { fileURLToPath } from 'node:url'

const oldestNode = 26

if (Number(process.versions.node.split('.')[0]) < oldestNode) {
  console.error(
    `Docket needs Node ${oldestNode} or later; this is Node ${process.versions.node}. \`npm start\` brings its own.`,
  )
  process.exit(1)
}

// Halves the start. Inside the installation, where nobody puts code who could not change this file as well.
module.enableCompileCache(fileURLToPath(new URL('../node_modules/.cache/docket', import.meta.url)))

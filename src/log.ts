import { pino, type Logger } from 'pino'

const standardOutput = 1

/**
 * The server's log, on its standard output. The lines of one turn of the event loop go out together: a write
 * for each would be a tenth of a request. Only SIGKILL loses any, those of the turn under way.
 */
export function openLog(level: string): Logger {
  const output = pino.destination({ dest: standardOutput, sync: true })
  let lines = ''
  const flush = () => {
    const due = lines
    lines = ''
    if (due !== '') output.write(due)
  }
  process.once('exit', flush)
  return pino(
    { level },
    {
      write(line) {
        if (lines === '') setImmediate(flush)
        lines += line
      },
    },
  )
}

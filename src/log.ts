import { pino, stdTimeFunctions, type Logger } from 'pino'

const standardOutput = 1

/**
 * Opens the server's log on standard output. The lines of one turn of the event loop are written together, since
 * a write for each line costs a tenth of a request. Only SIGKILL loses lines: those of the current turn.
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
    { level, timestamp: createIsoTime() },
    {
      write(line) {
        if (lines === '') setImmediate(flush)
        lines += line
      },
    },
  )
}

/** Returns pino's `isoTime`, which formats each millisecond once. */
function createIsoTime(): () => string {
  let at = 0
  let member = ''
  return () => {
    const now = Date.now()
    if (now !== at) {
      at = now
      member = stdTimeFunctions.isoTime()
    }
    return member
  }
}

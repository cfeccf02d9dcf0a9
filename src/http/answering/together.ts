import type { FastifyInstance } from 'fastify'

/** Enough to share the cost; more would only make the first of them wait. */
const mostTogether = 16

/**
 * Takes the requests of one turn of the event loop through the server together, at most 16 at a time: all are parsed,
 * then all are worked on, then all are answered. This saves time twice. Each step finds its code and data still in
 * the processor's caches. And a client process is woken once, by the first answer, and reads them all: waking it
 * takes the kernel a third of the time that reading a task takes.
 *
 * Call it before other hooks are added. Handlers should return their content, not the reply: for a reply that is
 * returned before it is sent, Fastify listens to five events.
 */
export function answerTogether(app: FastifyInstance): void {
  const begin = createGathering()
  const send = createGathering()
  app.addHook('onRequest', (_request, _reply, done) => begin(done))
  app.addHook('onSend', (_request, _reply, payload, done) =>
    send(() => {
      try {
        done(null, payload)
      } catch (error) {
        done(error instanceof Error ? error : new Error(String(error))) // here nobody else would catch it
      }
    }),
  )
}

/** Returns a function that collects steps, and runs them together when the turn ends or there are enough. */
function createGathering(): (step: () => void) => void {
  let gathered: (() => void)[] = []
  const run = () => {
    const steps = gathered
    gathered = []
    for (const step of steps) step()
  }
  return (step) => {
    if (gathered.length === 0) setImmediate(run)
    gathered.push(step)
    if (gathered.length === mostTogether) run()
  }
}

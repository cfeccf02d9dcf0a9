const longestVerbMs = 1000

/** Gives up verbs that await something other than their own statements, which would block every other write. */
export interface Watchdog {
  /** Settles as the verb does, or rejects once the verb has taken too long. */
  watch<T>(verb: Promise<T>): Promise<T>
  stop(): void
}

/** Runs the verbs of a batch, with one watchdog for all of them. */
export async function withWatchdog<T>(run: (watchdog: Watchdog) => Promise<T>): Promise<T> {
  const watchdog = createWatchdog()
  try {
    return await run(watchdog)
  } finally {
    watchdog.stop()
  }
}

/** One timer for all the verbs of a batch, since creating one for each costs as much as a statement. */
function createWatchdog(): Watchdog {
  let giveUp: (error: Error) => void = () => undefined
  const timer = setTimeout(
    () => giveUp(new Error('a transaction awaited something other than its own statements')),
    longestVerbMs,
  )
  return {
    watch<T>(verb: Promise<T>) {
      timer.refresh()
      return new Promise<T>((resolve, reject) => {
        giveUp = reject
        verb.then(resolve, reject)
      })
    },
    stop: () => clearTimeout(timer),
  }
}

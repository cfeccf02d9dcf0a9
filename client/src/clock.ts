/** The time that a client goes by. Tests pass in their own. */
export interface Clock {
  /** Milliseconds since any fixed instant. */
  now(): number
  /** Resolves after so many milliseconds; rejects with the signal's reason as soon as it is aborted. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>
}

export const systemClock: Clock = {
  now: () => Date.now(),
  async sleep(ms, signal) {
    let timer: ReturnType<typeof setTimeout> | undefined
    await orAborted(signal, (resume) => (timer = setTimeout(resume, ms))).finally(() => clearTimeout(timer))
  },
}

/** Waits for a promise that others wait for too, but no longer than until the signal is aborted. */
export async function unlessAborted<T>(promise: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  await orAborted(signal, (resume) => promise.then(resume, resume))
  return promise
}

async function orAborted(
  signal: AbortSignal | undefined,
  begin: (resume: () => void) => unknown,
): Promise<void> {
  let resume = (): void => undefined
  await new Promise<void>((resolve) => {
    resume = () => resolve()
    begin(resume)
    if (signal?.aborted) resume()
    else signal?.addEventListener('abort', resume)
  })
  // A signal may outlive many requests: it must not keep what belonged to them.
  signal?.removeEventListener('abort', resume)
  signal?.throwIfAborted()
}

/** A signal that follows another one, and also fires when nothing was heard for some time. */
export interface Patience {
  signal: AbortSignal
  /** Something was heard: starts the wait over. */
  renew(): void
  end(): void
}

/** `AbortSignal.any` would do, but Node has it only since 20.3, and its wait could not start over. */
export function patience(clock: Clock, ms: number, outer: AbortSignal | undefined): Patience {
  const inner = new AbortController()
  let waiting = new AbortController()
  const follow = () => inner.abort(outer?.reason)
  const giveUp = () => inner.abort(new DOMException(`Nothing was heard for ${ms} ms.`, 'TimeoutError'))
  const wait = () => {
    waiting = new AbortController()
    clock.sleep(ms, waiting.signal).then(giveUp, () => undefined)
  }
  if (outer?.aborted) follow()
  else outer?.addEventListener('abort', follow)
  wait()
  return {
    signal: inner.signal,
    renew() {
      waiting.abort()
      wait()
    },
    end() {
      waiting.abort()
      outer?.removeEventListener('abort', follow)
    },
  }
}

import type { Saver } from './saving.ts'
import type { State } from './state.ts'
import type { Entry } from './write.ts'

/** Lets entries wait for their turn as soon as they are safe from a crash. */
export function safetyOf(state: State, saver: Saver, wake: () => void): (entry: Entry) => void {
  /** What is on its way into the storage, by save. */
  const unsafe = new Map<Promise<void>, Entry[]>()

  async function wait(saving: Promise<void>, group: Entry[]): Promise<void> {
    unsafe.set(saving, group)
    try {
      await saving
    } catch {
      return // It is closed.
    } finally {
      unsafe.delete(saving)
    }
    for (const entry of group) if (entry.state === 'saving') entry.state = 'waiting'
    state.tellWrites()
    wake()
  }

  return (entry) => {
    const saving = saver.saved()
    const others = unsafe.get(saving)
    if (others) others.push(entry)
    else void wait(saving, [entry])
  }
}

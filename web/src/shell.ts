import { notice } from './state/undo.ts'

const path = '/service-worker.js'

// The types of Trusted Types are not in TypeScript's library yet.
declare global {
  interface Window {
    readonly trustedTypes?: {
      createPolicy(
        name: string,
        rules: { createScriptURL: (url: string) => string },
      ): { createScriptURL(url: string): string }
    }
  }
}

/** Keeps the page for times without a network, and offers the new one after an upgrade. */
export async function keepShell(): Promise<void> {
  if (!('serviceWorker' in navigator)) return
  const wasKept = navigator.serviceWorker.controller !== null
  navigator.serviceWorker.addEventListener('controllerchange', () => {
    if (wasKept) offerReload()
  })
  const policy = window.trustedTypes?.createPolicy('docket-worker', {
    createScriptURL: (url) => {
      if (url !== path) throw new TypeError('This is not the service worker of the page.')
      return url
    },
  })
  const kept = await navigator.serviceWorker
    .register(policy?.createScriptURL(path) ?? path)
    .catch(() => undefined)
  // A tab may be open for weeks, and nobody loads it again.
  const renew = () => {
    if (document.visibilityState === 'visible') void kept?.update().catch(() => undefined)
  }
  renew()
  document.addEventListener('visibilitychange', renew)
}

function offerReload(): void {
  if (document.visibilityState === 'hidden') return location.reload()
  notice.value = {
    words: 'There is a new version of Docket.',
    offer: { words: 'Reload', run: () => location.reload() },
  }
}

/// <reference lib="webworker" />
/** The addresses of all files of this version; the build puts them here. */
declare const __FILES__: readonly string[]
/** Another one for each page that differs in anything. */
declare const __VERSION__: string
declare const self: ServiceWorkerGlobalScope

const files = __FILES__
const cacheName = `docket ${__VERSION__}`
/** On a train that has a network which answers nothing, the page still comes at once. */
const patienceMs = 2000

self.addEventListener('install', (event) => event.waitUntil(install()))
self.addEventListener('activate', (event) => event.waitUntil(activate()))
self.addEventListener('fetch', (event) => {
  const { request } = event
  const { origin, pathname } = new URL(request.url)
  if (request.method !== 'GET' || origin !== self.location.origin || !files.includes(pathname)) return
  event.respondWith(pathname === '/' ? page(request) : file(request, pathname))
})

async function install(): Promise<void> {
  const cache = await caches.open(cacheName)
  await cache.addAll(
    files.map((path) => new Request(path, { cache: path.startsWith('/assets/') ? 'default' : 'no-cache' })),
  )
  await self.skipWaiting()
}

/** What older versions left goes; pages that still run one are told to load again. */
async function activate(): Promise<void> {
  for (const name of await caches.keys()) if (name !== cacheName) await caches.delete(name)
  await self.clients.claim()
}

/** The page itself is asked of the server first, so that it is never an old one where there is a network. */
async function page(request: Request): Promise<Response> {
  const kept = await caches.match('/', { cacheName })
  const fresh = fetch(request)
  if (!kept) return fresh
  fresh.catch(() => undefined)
  const late = new Promise<Response>((resolve) => setTimeout(() => resolve(kept.clone()), patienceMs))
  return Promise.race([fresh.then((answer) => (answer.ok ? answer : kept)), late]).catch(() => kept)
}

/** A file of this version never changes. */
async function file(request: Request, pathname: string): Promise<Response> {
  return (await caches.match(pathname, { cacheName })) ?? fetch(request)
}

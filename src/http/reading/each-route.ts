import type { FastifyInstance, RouteOptions } from 'fastify'

/** Calls `prepare` once for each later route. `onRoute` alone comes twice where a path may end with a slash. */
export function onEachRoute(app: FastifyInstance, prepare: (route: RouteOptions) => void): void {
  const prepared = new WeakSet<RouteOptions>()
  app.addHook('onRoute', (route) => {
    if (!prepared.has(route)) prepare(route)
    prepared.add(route)
  })
}

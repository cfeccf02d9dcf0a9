import type { FastifyInstance, RouteOptions } from 'fastify'

/** Calls with each route once, before it is made: one whose path may end with a slash is told to `onRoute` twice. */
export function onEachRoute(app: FastifyInstance, prepare: (route: RouteOptions) => void): void {
  const prepared = new WeakSet<RouteOptions>()
  app.addHook('onRoute', (route) => {
    if (!prepared.has(route)) prepare(route)
    prepared.add(route)
  })
}

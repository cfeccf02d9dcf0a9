import type { FastifyInstance, FastifyRequest } from 'fastify'
import { AppError } from '../../core/errors.ts'

interface Path {
  form: RegExp
  methods: Set<string>
}

/** What the server has at its paths. */
export interface Paths {
  /**
   * Whether the request has an operation. The router takes `/tasks/` for `/tasks/:id` with an empty id, and
   * `PUT /tasks/x` for one with the id `x`, where that path is another's.
   */
  hasOperation(request: FastifyRequest): boolean
  /** The methods of a path, or of the whole server for `*`; undefined where there is nothing. */
  methodsAt(path: string): Set<string> | undefined
}

/** Collects the paths of the routes that are added later. */
export function collectPaths(app: FastifyInstance): Paths {
  const paths = new Map<string, Path>()
  const serverWide = new Set<string>()
  const rivals = new Map<string, string[]>()
  app.addHook('onRoute', ({ url, method }) => {
    if (url === '*') return // the preflight route of CORS, which is no path of ours
    rivals.clear()
    const path = paths.get(url) ?? { form: formOf(url), methods: new Set() }
    paths.set(url, path)
    for (const name of [method].flat()) {
      path.methods.add(name)
      serverWide.add(name)
    }
  })
  /** The paths without parameters that a path with some also stands for. */
  const rivalsOf = (url: string): string[] => {
    const known = rivals.get(url)
    if (known) return known
    const form = paths.get(url)?.form
    const found = form
      ? [...paths.keys()].filter((path) => path !== url && !path.includes(':') && form.test(path))
      : []
    rivals.set(url, found)
    return found
  }
  return {
    hasOperation({ is404, routeOptions: { url = '' }, params }) {
      if (is404 || url === '*') return false
      for (const name in params ?? {}) if (isEmpty(params, name)) return false
      const others = rivalsOf(url)
      if (others.length === 0) return true
      return !others.includes(
        url.replace(/:(\w+)/g, (_all, name: string) => String(Reflect.get(Object(params), name))),
      )
    },
    methodsAt: (path) =>
      path === '*'
        ? serverWide
        : (paths.get(path) ?? paths.values().find(({ form }) => form.test(path)))?.methods,
  }
}

/**
 * Answers requests that have no operation, before their bodies are read. On a known path, OPTIONS gets 204 and another
 * method 405, both with `Allow` (RFC 9110 §9.3.7, §15.5.6). An unknown path gets 404.
 */
export function answerTheRest(app: FastifyInstance, paths: Paths): void {
  app.addHook('onRequest', (request, reply, done) => {
    if (paths.hasOperation(request)) return done()
    const path = pathOf(request.url)
    const methods = path === '*' && request.method !== 'OPTIONS' ? undefined : paths.methodsAt(path)
    if (!methods) throw unknownPath(request.method)
    const allow = [...methods, 'OPTIONS'].join(', ')
    if (request.method !== 'OPTIONS') throw wrongMethod(request.method, allow)
    reply.code(204).header('allow', allow).send()
  })
}

/** The rest of a path, `*`, may be empty. */
const isEmpty = (params: unknown, name: string) =>
  name !== '*' && typeof params === 'object' && params !== null && Reflect.get(params, name) === ''

/** The path as the router reads it: without scheme and host, its percent-encodings decoded but for delimiters. */
function pathOf(url: string): string {
  const path = url.replace(/^https?:\/\/[^/?#]*/i, '').replace(/[?#].*$/s, '')
  try {
    return decodeURI((path || '/').replaceAll('%25', '%2525'))
  } catch {
    throw badPath()
  }
}

/** A path such as `/tasks/:id` as an expression. A parameter matches any text without a slash. */
function formOf(url: string): RegExp {
  const parts = url.split('/').map((part) => {
    if (part.startsWith(':')) return '[^/]+'
    return part === '*' ? '.*' : RegExp.escape(part)
  })
  return new RegExp(`^${parts.join('/')}$`)
}

/** The refusal of a path that no operation has. */
export function unknownPath(method: string): AppError {
  return new AppError(
    'not-found',
    `There is nothing at this path for ${method}; /docs shows all that there is.`,
  )
}

/** The refusal of a path that can not be decoded. */
export const badPath = (): AppError =>
  new AppError('malformed-request', 'The path holds a percent-encoding that is not UTF-8.')

function wrongMethod(method: string, allow: string): AppError {
  return new AppError('method-not-allowed', `${method} is not taken here; allowed are ${allow}.`, {
    headers: { allow },
  })
}

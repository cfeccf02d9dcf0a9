/** What an API token can be allowed, each with all that it allows. */
const allowedBy = {
  'tasks:read': ['tasks:read'],
  'tasks:write': ['tasks:write', 'tasks:read'],
} as const satisfies Record<string, readonly Scope[]>

/** A scope that a token can have. */
export type GrantedScope = 'tasks:read' | 'tasks:write'

/**
 * What an operation asks for. Sessions are allowed everything; `account` is allowed to them alone, so that a leaked
 * token never takes an account over.
 */
export type Scope = GrantedScope | 'account'

/** Every scope that a token can have. */
export const grantedScopes: readonly GrantedScope[] = ['tasks:read', 'tasks:write']

/** Whether this is the name of a scope that a token can have. */
export const isGrantedScope = (text: string): text is GrantedScope => Object.hasOwn(allowedBy, text)

/** Whether one of the scopes allows what is asked for. */
export const isAllowed = (scopes: readonly GrantedScope[], asked: Scope): boolean =>
  scopes.some((scope) => allowedBy[scope].some((allowed) => allowed === asked))

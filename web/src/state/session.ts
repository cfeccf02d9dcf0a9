import { computed, signal } from '@preact/signals'
import { reopen, signIn, signUp, type SessionDocket } from '../../../client/src/index.ts'
import { indexedDbStorage, openReplica, type Peers } from '../../../client/src/replica/replica.ts'
import { go } from './address.ts'
import { docket, profile, replica, show, status, unsent } from './data.ts'
import { hearNews } from './news.ts'
import { forgetDeeds, keepDeeds, recallDeeds, tell } from './undo.ts'

/** What every start of the page needs to know; the data itself is in IndexedDB. */
const accountKey = 'docket.account'
/** Set while a session is to be ended of which the server could not be told. */
const leavingKey = 'docket.leaving'
const here = { url: '', refreshToken: 'cookie' } as const
const channel = new BroadcastChannel('docket session')

/** Whether somebody is signed in here; undefined until that is known. */
export const isSignedIn = signal<boolean | undefined>(undefined)

/** Whether the server lets this browser in no more, such as after the session was ended elsewhere. */
export const isShutOut = computed(() => status.value.state === 'paused')

const databaseOf = (account: string) => `docket ${account}`

/** Opens what is kept in this browser, without waiting for a network. */
export async function start(): Promise<void> {
  channel.addEventListener('message', () => void forget())
  if (localStorage.getItem(leavingKey) !== null) void endSession()
  const account = localStorage.getItem(accountKey)
  if (account === null) {
    forgetDeeds()
    isSignedIn.value = false
  } else {
    await open(account, reopen(here))
    recallDeeds()
  }
  addEventListener('pagehide', () => isSignedIn.value && keepDeeds())
}

async function open(account: string, client: SessionDocket): Promise<void> {
  const name = databaseOf(account)
  const next = await openReplica({
    docket: client,
    storage: indexedDbStorage(name),
    lead: (work, closed) => navigator.locks.request(name, { signal: closed }, work),
    peers: tabsOf(name),
  }).catch(() => {
    tell('This browser keeps nothing: what is not sent when you leave is lost.')
    return openReplica({ docket: client })
  })
  addEventListener('online', () => next.resume())
  docket.value = client
  hearNews(next)
  show(next)
  isSignedIn.value = true
}

/** The other tabs of this account. One of them has the connection and sends what is written in any. */
function tabsOf(name: string): Peers {
  const tabs = new BroadcastChannel(name)
  return {
    tell: (message) => tabs.postMessage(message),
    hear: (listener) => tabs.addEventListener('message', ({ data }) => listener(String(data))),
  }
}

/** What the forms of the entry ask for. */
export interface Entry {
  email: string
  password: string
  name?: string
  invite?: string
}

export const enter = (entry: Entry): Promise<void> => begin(signIn({ ...here, ...entry }))

export const register = ({ name, invite, ...entry }: Entry): Promise<void> =>
  begin(
    signUp({
      ...here,
      ...entry,
      ...(name && { name }),
      ...(invite && { invite }),
      timeZone: Intl.DateTimeFormat().resolvedOptions().timeZone,
    }),
  )

/** Goes on with what is kept here if it is the same account, and forgets it if it is another one. */
async function begin(entering: ReturnType<typeof signIn>): Promise<void> {
  const client = await entering
  const { id } = client.user
  localStorage.removeItem(leavingKey)
  if (replica.value && profile.value?.id === id) {
    docket.value = client
    replica.value.resume(client)
    return
  }
  if (replica.value) await forget()
  localStorage.setItem(accountKey, id)
  await open(id, client)
}

/** How many writes the server does not have, and would be lost. */
export const atStake = computed(() => unsent.value.length)

/** Ends the session, here and on the server, and erases what is kept. */
export async function signOut(): Promise<void> {
  localStorage.setItem(leavingKey, '')
  const client = docket.value
  await forget()
  channel.postMessage('out')
  await endSession(client)
}

/** Erases the account itself. Throws the `Problem` of a wrong password. */
export async function deleteAccount(password: string): Promise<void> {
  await docket.value?.me.remove({ password })
  await forget()
  channel.postMessage('out')
}

/** A session that could not be ended for want of a network is ended at the next start. */
async function endSession(client = reopen(here)): Promise<void> {
  await client.signOut().then(
    () => localStorage.removeItem(leavingKey),
    () => undefined,
  )
}

/** Erases what is kept in this browser. */
async function forget(): Promise<void> {
  const account = localStorage.getItem(accountKey)
  const old = replica.value
  localStorage.removeItem(accountKey)
  go({ view: 'today' }, { replace: true })
  forgetDeeds()
  replica.value = undefined
  docket.value = undefined
  isSignedIn.value = false
  await old?.wipe().catch(() => undefined)
  if (account !== null) indexedDB.deleteDatabase(databaseOf(account))
}

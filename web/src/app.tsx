import { Entry } from './entry/entry.tsx'
import { Home } from './shell/home.tsx'
import { isShutOut, isSignedIn } from './state/session.ts'

/** The page: for who is signed in, or for who is not. */
export function App() {
  if (isSignedIn.value === undefined) return null
  return isSignedIn.value && !isShutOut.value ? <Home /> : <Entry />
}

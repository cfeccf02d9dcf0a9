import { Entry } from './entry/entry.tsx'
import { Home } from './shell/home.tsx'
import { title } from './state/lists.ts'
import { isShutOut, isSignedIn } from './state/session.ts'

/** The page: for who is signed in, or for who is not. */
export function App() {
  if (isSignedIn.value === undefined) return <Frame />
  return isSignedIn.value && !isShutOut.value ? <Home /> : <Entry />
}

/** Where things will stand, while what this browser keeps is read: ten thousand tasks take a moment. */
const Frame = () => (
  <div class="home">
    <div class="sidebar" />
    <main>
      <div class="view">
        <header class="view-head">
          <h1 class="view-title">{title.value}</h1>
        </header>
      </div>
    </main>
  </div>
)

import { Panel } from '../task/panel.tsx'
import { Measures } from '../list/heights.tsx'
import { Notices } from '../parts/notice.tsx'
import { place } from '../state/address.ts'
import { ChoiceBar } from './choice-bar.tsx'
import { Covers } from './covers.tsx'
import { PhoneBar } from './phone-bar.tsx'
import { Sidebar } from './sidebar.tsx'
import { ViewOf } from './view.tsx'

/** The page of who is signed in. */
export const Home = () => (
  <div class={place.value.task === undefined ? 'home' : 'home with-panel'}>
    <a class="skip" href="#list" onClick={skip}>
      Skip to the list
    </a>
    <Sidebar />
    <main id="list" tabIndex={-1}>
      <ViewOf />
    </main>
    <Panel />
    <ChoiceBar />
    <PhoneBar />
    <Measures />
    <Notices />
    <Covers />
  </div>
)

function skip(event: Event): void {
  event.preventDefault()
  document.querySelector('main')?.focus()
}

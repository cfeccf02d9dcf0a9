import { Icon, type IconName } from '../parts/icon.tsx'
import { cover, hrefOf, place, type Place } from '../state/address.ts'
import { needs } from '../state/data.ts'

/** The way around on a phone, within reach of the thumb. */
export const PhoneBar = () => (
  <nav class="phone-bar" aria-label="Main">
    <Tab to={{ view: 'today' }} icon="star" words="Today" />
    <Tab to={{ view: 'upcoming' }} icon="calendar" words="Upcoming" />
    <button type="button" class="phone-add" aria-label="Add task" onClick={() => cover({ kind: 'add' })}>
      <Icon name="add" />
    </button>
    <Tab to={{ view: 'search', of: '' }} icon="search" words="Search" />
    <button
      type="button"
      class={needs.value > 0 ? 'tab danger' : 'tab'}
      onClick={() => cover({ kind: 'navigation' })}
    >
      {needs.value > 0 ? <Icon name="warning" /> : <Icon name="menu" />} Lists
      {needs.value > 0 && <span class="unseen">(something needs you)</span>}
    </button>
  </nav>
)

const Tab = ({ to, icon, words }: { to: Place; icon: IconName; words: string }) => (
  <a class="tab" href={hrefOf(to)} aria-current={place.value.view === to.view ? 'page' : undefined}>
    <Icon name={icon} /> {words}
  </a>
)

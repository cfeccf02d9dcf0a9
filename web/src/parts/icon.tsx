const paths = {
  add: 'M8 2.5v11M2.5 8h11',
  back: 'M10 3 5 8l5 5',
  bell: 'M3.5 11.5h9M5 11.5V7a3 3 0 0 1 6 0v4.5M7 13.5h2',
  calendar: 'M2.5 4.5h11v9h-11zM2.5 7.5h11M5.5 2.5v3M10.5 2.5v3',
  check: 'm3 8.5 3.2 3.2L13 5',
  clock: 'M8 2.5a5.5 5.5 0 1 1 0 11 5.5 5.5 0 0 1 0-11zM8 5v3.2l2 1.3',
  close: 'm4 4 8 8M12 4l-8 8',
  cloud: 'M4.5 12.5a2.7 2.7 0 0 1-.3-5.4 3.9 3.9 0 0 1 7.5-.6 3 3 0 0 1-.2 6z',
  down: 'm4 6 4 4 4-4',
  flag: 'M4 14V2.5h7.5L10 5.5l1.5 3H4',
  folder: 'M2.5 4h4l1.2 1.5h5.8v7h-11z',
  grip: 'M6 4h.01M10 4h.01M6 8h.01M10 8h.01M6 12h.01M10 12h.01',
  history: 'M3 8a5 5 0 1 0 1.6-3.7M3 2.8v2.5h2.5M8 5.5V8l1.7 1.2',
  inbox: 'm2.5 9 2-5.5h7l2 5.5v4h-11zM2.5 9H6l.7 1.5h2.6L10 9h3.5',
  keyboard: 'M2 4.5h12v7H2zM4.5 7h.01M7 7h.01M9.5 7h.01M12 7h.01M5 9.5h6',
  label: 'M2.5 2.5H8L13.5 8 8 13.5 2.5 8zM5.5 5.5h.01',
  menu: 'M2.5 4.5h11M2.5 8h11M2.5 11.5h11',
  more: 'M4 8h.01M8 8h.01M12 8h.01',
  note: 'M3.5 4.5h9M3.5 8h9M3.5 11.5h5',
  out: 'M9.5 3h3.5v10H9.5M3 8h6.5M7 5.5 9.5 8 7 10.5',
  project: 'M5.5 2.5 4.5 13.5M11.5 2.5l-1 11M2.5 5.5h11M2.5 10.5h11',
  repeat: 'M3 7V6.5a2 2 0 0 1 2-2h7M10 2.5l2 2-2 2M13 9v.5a2 2 0 0 1-2 2H4M6 13.5l-2-2 2-2',
  search: 'M7 2.5a4.5 4.5 0 1 1 0 9 4.5 4.5 0 0 1 0-9zM10.3 10.3l3.2 3.2',
  settings:
    'M2.5 5h6M11.5 5h2M2.5 11h2M7.5 11h6M10 3.5a1.5 1.5 0 1 1 0 3 1.5 1.5 0 0 1 0-3zM6 9.5a1.5 1.5 0 1 1 0 3 1.5 1.5 0 0 1 0-3z',
  star: 'M8 2.2v2M8 11.8v2M2.2 8h2M11.8 8h2M3.9 3.9l1.4 1.4M10.7 10.7l1.4 1.4M12.1 3.9l-1.4 1.4M5.3 10.7l-1.4 1.4M8 6a2 2 0 1 1 0 4 2 2 0 0 1 0-4z',
  subtask: 'M3.5 3v6.5h4M9.5 7.5h4v4h-4z',
  trash: 'M3 4.5h10M6.5 4.5v-2h3v2M4.5 4.5l.6 9h5.8l.6-9',
  up: 'm4 10 4-4 4 4',
  warning: 'M8 2.5 14 13H2zM8 6.5v3M8 11.3h.01',
} as const

export type IconName = keyof typeof paths

/** A picture that says nothing to those who hear the page: words beside it do. */
export const Icon = ({ name }: { name: IconName }) => (
  <svg class="icon" viewBox="0 0 16 16" aria-hidden="true">
    <path d={paths[name]} stroke-width={name === 'more' || name === 'grip' ? 2 : undefined} />
  </svg>
)

import { Add } from '../add/add.tsx'
import { Menu } from '../parts/menu.tsx'
import { overlay } from '../state/address.ts'
import { DueDialog } from '../task/due.tsx'
import { Confirm } from './confirm.tsx'
import { Help } from './help.tsx'
import { LabelDialog } from './label-dialog.tsx'
import { Navigation } from './navigation.tsx'
import { ProjectDialog } from './project-dialog.tsx'

/** What lies over the page, if anything does. */
export function Covers() {
  const { value: cover } = overlay
  switch (cover?.kind) {
    case undefined:
      return null
    case 'add':
      return <Add />
    case 'due':
      return <DueDialog ids={cover.ids} />
    case 'help':
      return <Help />
    case 'menu':
      return <Menu key={cover.label} {...cover} />
    case 'navigation':
      return <Navigation />
    case 'project':
      return <ProjectDialog project={cover.project} />
    case 'label':
      return <LabelDialog name={cover.name} ids={cover.ids} />
    case 'confirm':
      return <Confirm {...cover} />
  }
}

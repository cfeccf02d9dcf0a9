import type { Project } from '../../../client/src/index.ts'
import type { IconName } from '../parts/icon.tsx'

/** A line of a menu: something to do, or more lines. */
export interface MenuItem {
  words: string
  icon?: IconName
  /** The key that does the same. */
  keys?: string
  /** Of a choice: whether it is the present one. */
  isOn?: boolean
  /** Whether only one of them can be; true if not said. */
  isOneOf?: boolean
  isDanger?: boolean
  /** The colour of what it is about. */
  color?: string | null
  run?: () => void
  items?: () => readonly MenuItem[]
}

/** What can lie over the page. */
export type Cover =
  | { kind: 'add' }
  | { kind: 'due'; ids: readonly string[] }
  | { kind: 'help' }
  | { kind: 'menu'; label: string; anchor: DOMRect; items: readonly MenuItem[] }
  | { kind: 'navigation' }
  | { kind: 'project'; project?: Project }
  | { kind: 'label'; name?: string; ids?: readonly string[] }
  | { kind: 'confirm'; words: string; detail: string; action: string; run: () => void }

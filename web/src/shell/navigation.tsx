import { Dialog } from '../parts/dialog.tsx'
import { Sidebar } from './sidebar.tsx'

/** Where one can go, on a phone: it comes over the page. */
export const Navigation = () => (
  <Dialog label="Lists" kind="navigation">
    <Sidebar />
  </Dialog>
)

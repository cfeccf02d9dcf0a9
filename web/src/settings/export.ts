import { online } from '../state/data.ts'

/** Saves all that the user has as one file: read from the server, page by page, the trash too. */
export async function saveExport(): Promise<void> {
  const { tasks, projects, me } = online()
  const data = {
    exportedAt: new Date().toISOString(),
    account: await me.get(),
    projects: await projects.list().toArray(),
    tasks: await tasks.list({ sort: 'createdAt', limit: 100 }).toArray(),
    trash: {
      projects: await projects.list({ deleted: true }).toArray(),
      tasks: await tasks.list({ deleted: true, sort: 'createdAt', limit: 100 }).toArray(),
    },
  }
  const blob = new Blob([JSON.stringify(data, null, 2)], { type: 'application/json' })
  const link = document.createElement('a')
  link.href = URL.createObjectURL(blob)
  link.download = `docket-${data.exportedAt.slice(0, 10)}.json`
  link.click()
  setTimeout(() => URL.revokeObjectURL(link.href))
}

// Loaded into each server before its own code; reports over IPC what the process has used so far. Plain JavaScript: for
// TypeScript, Node would load its compiler, which takes time and memory that are not the server's.

process.on('message', (message) => {
  if (message !== 'usage') return
  const { user, system } = process.cpuUsage()
  process.send?.({ cpuMicros: user + system, residentBytes: process.memoryUsage.rss() })
})
process.channel?.unref()

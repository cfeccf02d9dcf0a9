/** The `Link` field of a page (RFC 8288): the first page, and the next if there is one, as relative references. */
export function linksOf(path: string, query: object, nextCursor: string | null): string {
  const first = link(path, { ...query, cursor: undefined }, 'first')
  return nextCursor === null ? first : `${link(path, { ...query, cursor: nextCursor }, 'next')}, ${first}`
}

function link(path: string, query: object, rel: string): string {
  const parts = Object.entries(query)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => `${name}=${encodeURIComponent(String(value))}`)
  return `<${path}${parts.length > 0 ? `?${parts.join('&')}` : ''}>; rel="${rel}"`
}

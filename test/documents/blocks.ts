/** A fenced block of a document. */
export interface Block {
  file: string
  line: number
  language: string
  text: string
}

/** The fenced blocks of a document, in their order. */
export function blocksOf(file: string, document: string): Block[] {
  return [...document.matchAll(/^( *)```(\w*)\n(.*?)^ *```$/gms)].map(
    ({ 1: indent = '', 2: language = '', 3: text = '', index }) => ({
      file,
      line: document.slice(0, index).split('\n').length + 1,
      language,
      text: text.replaceAll(new RegExp(`^${indent}`, 'gm'), ''),
    }),
  )
}

import assert from 'node:assert/strict'
import { parseStrictJson } from '../../src/http/reading/strict-json.ts'

export const parse = (text: string) => parseStrictJson(Buffer.from(text))

/** The parsed value; fails if there is a fault. */
export function valueOf(text: string): unknown {
  const parsed = parse(text)
  assert.ok('value' in parsed, `${JSON.stringify(parsed)} for ${text}`)
  return parsed.value
}

/** The message of the fault; fails if there is none. */
export function faultOf(body: string | Uint8Array): string {
  const parsed = parseStrictJson(Buffer.from(body))
  assert.ok('fault' in parsed, `no fault in ${String(body).slice(0, 100)}`)
  assert.ok(parsed.fault.length < 200, 'the message is short, whatever the body')
  return parsed.fault
}

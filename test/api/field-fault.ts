import assert from 'node:assert/strict'
import { assertProblem, type Answer } from '../harness.ts'

/** Asserts that one field is invalid, and returns its pointer and its messages. */
export function onlyFault(answer: Answer): { pointer: string; detail: string } {
  const { errors = [] } = assertProblem(answer, 422, 'validation-failed')
  const faults = errors as { pointer: string; detail: string }[]
  const [pointer, ...others] = new Set(faults.map((fault) => fault.pointer))
  assert.ok(pointer !== undefined && others.length === 0, answer.text)
  return { pointer, detail: faults.map(({ detail }) => detail).join('; ') }
}

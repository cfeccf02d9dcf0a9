import type { Task } from '../../../client/src/index.ts'

/** Whether it is still to be done. */
export const isOpen = ({ status }: Task): boolean => status === 'incomplete' || status === 'in_progress'
export const isDone = ({ status }: Task): boolean => status === 'complete'

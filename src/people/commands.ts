import type { Run } from './call.ts'

export interface Option {
  type: 'string' | 'boolean'
  short?: string
  multiple?: true
  /** What stands for its value, such as NAME. */
  value?: string
  about: string
}

/** A command for people. Its work is loaded only when it is asked for, since start-up is felt. */
export interface Command {
  /** What it takes beside options, such as `TASK…`. */
  form: string
  /** How many words it takes. */
  least: number
  most: number
  about: string
  options: Readonly<Record<string, Option>>
  load(): Promise<Run>
}

const any = Number.POSITIVE_INFINITY
const json: Option = { type: 'boolean', about: 'print JSON, and errors as problem JSON' }
const labels: Option = {
  type: 'string',
  multiple: true,
  value: 'NAME',
  about: 'a label; may be given several times',
}
const create: Option = { type: 'boolean', about: 'create the project if it is not there' }

/** What `add` and `edit` can say beside words. */
const fields = {
  due: { type: 'string', value: 'DATE', about: 'when it is due, such as "next friday"; none for never' },
  repeat: { type: 'string', value: 'RULE', about: 'how it recurs, such as "every monday"; none for once' },
  project: { type: 'string', value: 'NAME', about: 'the project that it is in; inbox for none' },
  create,
  priority: { type: 'string', value: 'P', about: 'high, medium, low or none' },
  label: labels,
  description: { type: 'string', value: 'TEXT', about: 'what else there is to say' },
  plain: { type: 'boolean', about: 'take the words as the title, whatever they say' },
  json,
} as const satisfies Record<string, Option>

/** All commands for people, in the order in which they are shown. */
export const commands: Readonly<Record<string, Command>> = {
  login: {
    form: '[URL]',
    least: 0,
    most: 1,
    about: 'sign in to a server',
    options: {
      email: { type: 'string', value: 'EMAIL', about: 'your e-mail address' },
      token: { type: 'boolean', about: 'use an API token that you have; it is asked for' },
      'time-zone': {
        type: 'string',
        value: 'ZONE',
        about: "your time zone, with --token; the machine's if left out",
      },
      insecure: { type: 'boolean', about: 'send the password unencrypted over the network' },
      json,
    },
    load: async () => (await import('./signing-in.ts')).login,
  },
  logout: {
    form: '',
    least: 0,
    most: 0,
    about: 'sign out, and delete the token on the server',
    options: { local: { type: 'boolean', about: 'only forget the token here' }, json },
    load: async () => (await import('./signing-in.ts')).logout,
  },
  add: {
    form: 'WORDS…',
    least: 1,
    most: any,
    about: 'add a task, such as "Pay rent every 1st #home p1"',
    options: { ...fields, parent: { type: 'string', value: 'TASK', about: 'the task that it is a part of' } },
    load: async () => (await import('./writing.ts')).add,
  },
  list: {
    form: '[WORDS…]',
    least: 0,
    most: any,
    about: 'list what is overdue and due today, or what you ask for',
    options: {
      due: { type: 'string', value: 'WHEN', about: 'overdue, today, upcoming, none, or a date' },
      from: { type: 'string', value: 'DATE', about: 'due on this day or later' },
      before: { type: 'string', value: 'DATE', about: 'due before this day' },
      project: { type: 'string', short: 'p', value: 'NAME', about: 'in this project; inbox for none' },
      label: labels,
      priority: { type: 'string', value: 'P', about: 'of this priority, or several: high,medium' },
      status: {
        type: 'string',
        value: 'S',
        about: 'incomplete, in_progress, complete or cancelled, or several',
      },
      done: { type: 'boolean', about: 'what is complete, the last first' },
      all: { type: 'boolean', short: 'a', about: 'all that is open, whenever it is due' },
      trash: { type: 'boolean', about: 'what is in the trash' },
      sort: { type: 'string', value: 'FIELDS', about: 'such as priority or -dueDate,title' },
      limit: { type: 'string', short: 'n', value: 'N', about: 'at most so many; 100 if left out' },
      json,
    },
    load: async () => (await import('./reading.ts')).list,
  },
  show: {
    form: 'TASK',
    least: 1,
    most: 1,
    about: 'show all of a task',
    options: { json },
    load: async () => (await import('./reading.ts')).show,
  },
  edit: {
    form: 'TASK [WORDS…]',
    least: 1,
    most: any,
    about: 'change a task, such as 3 "tomorrow !low"',
    options: {
      ...fields,
      title: { type: 'string', value: 'TEXT', about: 'what it is called, as it stands' },
      unlabel: { ...labels, about: 'a label to take away; may be given several times' },
      status: { type: 'string', value: 'S', about: 'incomplete, in_progress, complete or cancelled' },
    },
    load: async () => (await import('./writing.ts')).edit,
  },
  done: {
    form: 'TASK…',
    least: 1,
    most: any,
    about: 'complete tasks',
    options: { json },
    load: async () => (await import('./changing.ts')).done,
  },
  skip: {
    form: 'TASK…',
    least: 1,
    most: any,
    about: 'let tasks that recur go on without this occurrence',
    options: { json },
    load: async () => (await import('./changing.ts')).skip,
  },
  move: {
    form: 'TASK',
    least: 1,
    most: 1,
    about: 'move a task to a project or place',
    options: {
      project: { type: 'string', short: 'p', value: 'NAME', about: 'to this project; inbox for none' },
      create,
      parent: { type: 'string', value: 'TASK', about: 'below this task; none for no task' },
      before: { type: 'string', value: 'TASK', about: 'before this task' },
      after: { type: 'string', value: 'TASK', about: 'after this task' },
      first: { type: 'boolean', about: 'before all others; otherwise it comes last' },
      json,
    },
    load: async () => (await import('./changing.ts')).move,
  },
  rm: {
    form: 'TASK…',
    least: 1,
    most: any,
    about: 'put tasks into the trash',
    options: { json },
    load: async () => (await import('./changing.ts')).rm,
  },
  undo: {
    form: '[REVISION]',
    least: 0,
    most: 1,
    about: 'take back your last change here, or that of a revision',
    options: { force: { type: 'boolean', about: 'even if the same was changed since' }, json },
    load: async () => (await import('./changing.ts')).undo,
  },
  projects: {
    form: '',
    least: 0,
    most: 0,
    about: 'list your projects',
    options: { json },
    load: async () => (await import('./reading.ts')).listProjects,
  },
  labels: {
    form: '',
    least: 0,
    most: 0,
    about: 'list the labels in use',
    options: { json },
    load: async () => (await import('./reading.ts')).listLabels,
  },
  watch: {
    form: '',
    least: 0,
    most: 0,
    about: 'show what changes, until Ctrl-C',
    options: {
      since: { type: 'string', value: 'REVISION', about: 'begin with what came after this revision' },
      json,
    },
    load: async () => (await import('./following.ts')).watch,
  },
  export: {
    form: '',
    least: 0,
    most: 0,
    about: 'print all tasks and projects as JSON',
    options: { json },
    load: async () => (await import('./following.ts')).exportAll,
  },
  completion: {
    form: 'SHELL',
    least: 1,
    most: 1,
    about: 'print the completion for bash, zsh or fish',
    options: {},
    load: async () => (await import('./completion.ts')).completion,
  },
}

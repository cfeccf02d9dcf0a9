import { fold } from '../../core/text.ts'
import type { Row } from '../columns.ts'
import { empty, join, sql, type Sql } from '../database.ts'
import type { Dialect, Migration } from './migration.ts'

const rowsAtOnce = 500

/**
 * Projects, and the labels, priority, order and subtasks of tasks. The tasks that are there stand in the inbox, in the
 * order of their creation.
 */
export const organisedTasks: Migration = {
  name: '0010-organised-tasks',
  statements: ({ text, integer, clustered }: Dialect) => [
    `create table projects (
      owner_id ${text} not null references owners (owner_id) on delete cascade,
      id ${text} not null,
      name ${text} not null,
      color ${text},
      position ${text} not null,
      created_at ${integer} not null,
      updated_at ${integer} not null,
      revision ${integer} not null,
      deleted_at ${integer},
      purged_at ${integer},
      primary key (owner_id, id)
    )${clustered}`,
    'create index projects_by_deletion on projects (deleted_at) where deleted_at is not null',

    `create table task_labels (
      owner_id ${text} not null references owners (owner_id) on delete cascade,
      label ${text} not null,
      task_id ${text} not null,
      name ${text} not null,
      used_in ${integer} not null,
      primary key (owner_id, label, task_id)
    )${clustered}`,

    `alter table tasks add column priority ${text} not null default 'none' check (priority in ('high', 'medium', 'low', 'none'))`,
    `alter table tasks add column priority_rank ${integer} not null default 3`,
    `alter table tasks add column labels ${text} not null default '[]'`,
    `alter table tasks add column project_id ${text}`,
    `alter table tasks add column parent_id ${text}`,
    `alter table tasks add column position ${text} not null default ''`,
    `alter table tasks add column search_text ${text} not null default ''`,
    // The revision by which another thing went to the trash and took the task along.
    `alter table tasks add column deleted_with ${integer}`,
    // Keys of the fractional-indexing library whose integer parts have nine digits.
    `update tasks set position = 'i' || substr(cast(1000000000 + place as text), 2)
      from (
        select owner_id as placed_for, id as placed, row_number() over (partition by owner_id order by created_at, id) as place
        from tasks where purged_at is null
      ) places where owner_id = placed_for and id = placed`,
    'create index tasks_by_position on tasks (owner_id, position, id) where deleted_at is null',
    // Its last columns let the numbers of open tasks be read from the index alone.
    'create index tasks_by_project on tasks (owner_id, project_id, position, id, status_rank, deleted_at) where deleted_at is null',
    'create index tasks_by_parent on tasks (owner_id, parent_id, position, id) where parent_id is not null',
    'create index tasks_by_priority on tasks (owner_id, priority_rank, id) where deleted_at is null',
  ],
  *fill() {
    let last: Row | undefined
    do {
      const rows: Row[] = yield sql`
        select owner_id, id, title, description from tasks
        where purged_at is null ${last ? sql`and (owner_id, id) > (${last['owner_id']}, ${last['id']})` : empty}
        order by owner_id, id limit ${rowsAtOnce}`
      if (rows.length > 0) yield searchTexts(rows)
      last = rows.at(-1)
    } while (last)
  },
}

const searchTexts = (rows: Row[]): Sql => sql`
  update tasks set search_text = text_of_it
  from (${join(
    rows.map(({ owner_id, id, title, description }) => {
      const text = fold(`${title}\n${description}`)
      return sql`select ${owner_id} as searched_for, ${id} as searched, ${text} as text_of_it`
    }),
    ' union all ',
  )}) texts where owner_id = searched_for and id = searched`

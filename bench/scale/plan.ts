import { sql, type Database, type Queryable, type Sql } from '../../src/database/database.ts'
import type { Engine } from './engine.ts'

/** The plan of a statement. */
export interface PlanSummary {
  /** The tables or indexes that are read, in words. */
  path: string
  sorts: boolean
  /** How many rows it read; unknown on SQLite. */
  rows?: number
  /** How many pages of 8 KiB it read; unknown on SQLite. */
  pages?: number
}

/** Runs a query and returns the plan of each of its statements. */
export async function explain(
  engine: Engine,
  query: (db: Database) => Promise<unknown>,
): Promise<PlanSummary[]> {
  const statements: Sql[] = []
  await query(recording(engine.database, statements))
  const explainOne = engine.isPostgres ? explainPostgres : explainSqlite
  const plans: PlanSummary[] = []
  for (const statement of statements) plans.push(await explainOne(engine.database, statement))
  return plans
}

/** The database, with every statement that reads from it added to `statements`. */
function recording(database: Database, statements: Sql[]): Database {
  const kept = (statement: Sql) => {
    statements.push(statement)
    return statement
  }
  return {
    ...database,
    query: (statement) => database.query(kept(statement)),
    first: (statement) => database.first(kept(statement)),
  }
}

async function explainSqlite(db: Queryable, statement: Sql): Promise<PlanSummary> {
  const steps = await db.query<{ detail: string }>(sql`explain query plan ${statement}`)
  const details = steps.map(({ detail }) => detail)
  const reads = details
    .filter((detail) => /^(SEARCH|SCAN) /.test(detail) && !ofSubquery.test(detail))
    .map(wordsOf)
  return {
    path: [...new Set(reads)].join('; '),
    sorts: details.some((detail) => detail.endsWith('ORDER BY')),
  }
}

/** The scan of a subquery, whose own reads have steps of their own. */
const ofSubquery = /^SCAN (?:counted|ids|found)$/

/** `SEARCH tasks USING INDEX tasks_by_creation (owner_id=?)` as `tasks_by_creation (owner_id=?)`. */
function wordsOf(detail: string): string {
  const [, kind = '', columns = ''] =
    /USING (?:COVERING )?(?:INDEX )?(PRIMARY KEY|\w+)(.*)/.exec(detail) ?? []
  return kind ? `${kind === 'PRIMARY KEY' ? 'primary key' : kind}${columns}` : detail
}

interface Node {
  'Node Type': string
  'Index Name'?: string
  'Index Cond'?: string
  'Relation Name'?: string
  'Actual Rows': number
  'Actual Loops': number
  'Rows Removed by Filter'?: number
  'Rows Removed by Index Recheck'?: number
  'Shared Hit Blocks': number
  'Shared Read Blocks': number
  Plans?: Node[]
}

async function explainPostgres(db: Queryable, statement: Sql): Promise<PlanSummary> {
  const explained = await db.first<{ 'QUERY PLAN': [{ Plan: Node }] }>(
    sql`explain (analyze, buffers, timing off, format json) ${statement}`,
  )
  const top = explained?.['QUERY PLAN'][0].Plan
  if (!top) throw new Error('there is no plan')
  const nodes = flatten(top)
  const scans = nodes.filter((node) => node['Relation Name'])
  const names = nodes.filter((node) => node['Index Name'] ?? node['Node Type'] === 'Seq Scan')
  return {
    path: [...new Set(names.map((node) => pathOf(node)))].join('; '),
    sorts: nodes.some((node) => /Sort/.test(node['Node Type'])),
    rows: scans.reduce((sum, node) => sum + rowsRead(node), 0),
    pages: top['Shared Hit Blocks'] + top['Shared Read Blocks'],
  }
}

const flatten = (node: Node): Node[] => [node, ...(node.Plans ?? []).flatMap(flatten)]

function pathOf(node: Node): string {
  const index = node['Index Name']
  if (index === undefined) return `all of ${node['Relation Name']}`
  const kind = node['Node Type'] === 'Bitmap Index Scan' ? ' as a bitmap' : ''
  return `${index.endsWith('_pkey') ? 'primary key' : index}${kind}`
}

const rowsRead = (node: Node) =>
  (node['Actual Rows'] +
    (node['Rows Removed by Filter'] ?? 0) +
    (node['Rows Removed by Index Recheck'] ?? 0)) *
  node['Actual Loops']

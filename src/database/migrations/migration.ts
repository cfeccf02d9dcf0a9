/** The few words that differ between the engines where tables are made. */
export interface Dialect {
  text: string
  integer: string
  /** What ends a table whose rows lie in the order of its primary key, where the engine can do that. */
  clustered: string
}

/** One step of the schema: its name, and its statements for an engine. */
export interface Migration {
  name: string
  statements(dialect: Dialect): string[]
}

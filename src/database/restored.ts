/** Marks a file that `docket backup` made, in SQLite's header: "dock" in ASCII. A running server's file has 0. */
export const backupMark = 0x646f636b

const step = 2 ** 32

/**
 * For a restored database. Clients may know revisions that were given out after the backup, so none of those must be
 * given out again: every owner continues at the next multiple of 2^32, and the feed before it is forgotten.
 * No parameters, since SQLite would divide them as floating-point numbers.
 */
export const raiseRevisions = `update owners set
  revision = (revision / ${step} + 1) * ${step}, swept_revision = (revision / ${step} + 1) * ${step}`

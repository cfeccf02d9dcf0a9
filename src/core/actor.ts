/** The user and the session that a request acts for. */
export interface Actor {
  userId: string
  sessionId: string
}

/** An actor whose session is alive, with the columns of the owner's row that were read in the same statement. */
export interface PresentActor extends Actor {
  /** The owner's revision at that time: anything read later is at least as new. */
  revision: number
  timeZone: string
}

/** On whose behalf a request acts: a user, through one of their sessions. */
export interface Actor {
  userId: string
  sessionId: string
}

/** An actor whose session was found alive, with what was read of them beside it. */
export interface PresentActor extends Actor {
  /** Their newest revision then: what is read later is as new or newer. */
  revision: number
  timeZone: string
}

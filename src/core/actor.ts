/** On whose behalf a request acts: a user, through one of their sessions. */
export interface Actor {
  userId: string
  sessionId: string
}

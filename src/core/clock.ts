/** The current time in epoch milliseconds; passed in, so that a test can set it. */
export type Clock = () => number

export const systemClock: Clock = Date.now

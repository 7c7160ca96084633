/**
 * How many new calls a person and a pair of people may make (contract: 10 a minute and 5 a minute). A create that joins a
 * call that exists does not count: it is given back.
 */
export interface CallLimits {
  /**
   * Counts one new call of this person to these people.
   * @returns gives the counted call back
   * @throws EdgeError `rate_limited` with `retryAfter` in seconds
   */
  takeNewCall(userId: string, recipientIds: readonly string[]): Promise<() => Promise<void>>;
}

export const unlimitedCalls: CallLimits = { takeNewCall: async () => async () => {} };

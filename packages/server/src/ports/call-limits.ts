/** What one person may ask of the calls in a time. */
export interface CallLimits {
  /**
   * Counts one new call of this person to these people (contract: 10 a minute for a person and 5 for a pair). A create that
   * joins a call that exists does not count: it is given back.
   * @returns gives the counted call back
   * @throws EdgeError `rate_limited` with `retryAfter` in seconds
   */
  takeNewCall(userId: string, recipientIds: readonly string[]): Promise<() => Promise<void>>;
  /**
   * Counts one time that somebody asks people into a call: 20 a minute, each of up to a hundred.
   * @throws EdgeError `rate_limited`
   */
  takeInvite(userId: string): Promise<void>;
  /**
   * Counts one report of what was measured: 60 a minute, many times what a person's devices send.
   * @throws EdgeError `rate_limited`
   */
  takeMetrics(userId: string): Promise<void>;
}

export const unlimitedCalls: CallLimits = {
  takeNewCall: async () => async () => {},
  takeInvite: async () => {},
  takeMetrics: async () => {},
};

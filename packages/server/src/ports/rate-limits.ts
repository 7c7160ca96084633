/**
 * Sign-in limit of the contract: 10 tries in five minutes, counted for an account and for an address separately.
 * In memory for one process; over Redis the same interface counts for all nodes. New calls: see `CallLimits`.
 */
export interface SignInLimits {
  /**
   * Counts one try. A try that succeeds does not count: then call the function that is returned.
   * @throws EdgeError `rate_limited` with `retryAfter` in seconds
   */
  takeSignIn(account: string, address: string): Promise<() => Promise<void>>;
}

export const unlimitedSignIns: SignInLimits = { takeSignIn: async () => async () => {} };

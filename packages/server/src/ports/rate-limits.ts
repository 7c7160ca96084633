/**
 * Limits of the contract. Each method counts one try and throws `EdgeError('rate_limited', { retryAfter })` beyond the limit.
 * In memory for one process; with Redis the same interface counts over all nodes.
 */
export interface RateLimits {
  /**
   * Sign-in: 10 tries in 5 minutes for an account and for an address, counted separately. A try that succeeds does not count:
   * call the function that is returned.
   */
  signIn(account: string, address: string): Promise<() => Promise<void>>;
  /**
   * A create that makes a new call: 10 a minute for the user, and 5 for the pair. `otherId` is null where it is no pair.
   * A create that joins a call that exists is not counted.
   */
  call(userId: string, otherId: string | null): Promise<void>;
}

export const noRateLimits: RateLimits = {
  signIn: () => Promise.resolve(() => Promise.resolve()),
  call: () => Promise.resolve(),
};

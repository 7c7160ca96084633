/**
 * Limits around an account: those of the contract for sign-in, and this server's own. In memory for one process; over Redis the
 * same interface counts for all nodes. New calls: see `CallLimits`. Whatever is beyond one is refused with the EdgeError
 * `rate_limited`, with `retryAfter` in seconds; what is given back has not been counted.
 */
export interface AccountLimits {
  /** A try to prove a password, which counts where it is refused: 10 in five minutes, for an account and for an address. */
  takeSignIn(account: string, address: string): Promise<GiveBack>;
  /** A refresh token that is not known: 30 in five minutes for an address. One that is known asks for none. */
  takeRefreshTry(address: string): Promise<void>;
  /** A new token of a session: 20 a minute. Each leaves a row, and a client asks for one in many minutes. */
  takeRefresh(sessionId: string): Promise<GiveBack>;
  /** A link into a call, which counts where it leads nowhere: 30 in five minutes for an address. */
  takeLinkTry(address: string): Promise<GiveBack>;
  /**
   * Somebody of no team who asks to be let in: 20 in five minutes, for an account, or for an address where there is none. Whoever
   * waits already does not ask again.
   */
  takeKnock(address: string, account: string | null): Promise<GiveBack>;
  /** A picture that somebody uploads: 10 in five minutes. */
  takePicture(userId: string): Promise<GiveBack>;
}

export type GiveBack = () => Promise<void>;

const unlimited = async (): Promise<GiveBack> => async () => {};

export const unlimitedAccounts: AccountLimits = {
  takeSignIn: unlimited,
  takeRefreshTry: async () => {},
  takeRefresh: unlimited,
  takeLinkTry: unlimited,
  takeKnock: unlimited,
  takePicture: unlimited,
};

/** Who speaks: the claims of a verified access token. */
export interface Principal {
  /** Our own UUID (`auth.users.id`), whoever issued the token. */
  readonly userId: string;
  /** The session of a built-in account; a foreign issuer's sessions are its own business. */
  readonly sessionId?: string;
  readonly isAnonymous: boolean;
  /** Milliseconds since the epoch. */
  readonly expiresAt: number;
}

/** Verifies access tokens; built-in accounts, a foreign issuer's JWKS or a shared secret stand behind it. */
export interface TokenVerifier {
  /** @throws EdgeError with `token_invalid` or `token_expired` */
  verify(token: string): Promise<Principal>;
  /**
   * Only that it is genuine and has not expired: for whoever learns from the database in the same breath whether the person is still
   * there. Left out where `verify` asks nobody. @throws as `verify`
   */
  signed?(token: string): Promise<Principal>;
}

/** Whether people and sessions are still there. A token says so of the moment at which it was signed, and no later one. */
export interface Standing {
  /** Those who were blocked or deleted since, or whose session has ended. */
  gone<P extends Principal>(principals: readonly P[]): Promise<readonly P[]>;
}

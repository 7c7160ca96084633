/** Who speaks: the claims of a verified access token. */
export interface Principal {
  /** Our own UUID (`auth.users.id`), whoever issued the token. */
  readonly userId: string;
  readonly isAnonymous: boolean;
  /** Milliseconds since the epoch. */
  readonly expiresAt: number;
}

/** Verifies access tokens; built-in accounts, a foreign issuer's JWKS or a shared secret stand behind it. */
export interface TokenVerifier {
  /** @throws EdgeError with `token_invalid` or `token_expired` */
  verify(token: string): Promise<Principal>;
}

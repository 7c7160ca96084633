/** Signs the sessions of guests; who verifies them stands behind `TokenVerifier`. */
export interface GuestTokens {
  /** `expiresAt`: milliseconds since the epoch. */
  sign(userId: string, expiresAt: number): Promise<string>;
}

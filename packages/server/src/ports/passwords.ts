/** Hashes passwords. How is the adapter's business, since it is native code. */
export interface PasswordHasher {
  hash(password: string): Promise<string>;
  /** False for a hash that it cannot read, too. */
  verify(hash: string, password: string): Promise<boolean>;
}

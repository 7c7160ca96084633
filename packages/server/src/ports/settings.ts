/** What the core needs of the configuration; the Node adapter reads it from the environment. Times in milliseconds. */
export interface Settings {
  readonly ringTimeoutMs: number;
  readonly connectTimeoutMs: number;
  readonly heartbeatMs: number;
  readonly leaseMs: number;
  /** Origin under which the app is reached, without a slash at the end. */
  readonly publicUrl: string;
  readonly demo: boolean;
  readonly rateLimits: boolean;
  readonly stunUrls: readonly string[];
  readonly turn: { readonly urls: readonly string[]; readonly secret: string } | null;
}

/** What the headless client needs of the machine it runs on. All times in milliseconds. */
export interface Clock {
  now(): number;
  setTimeout(run: () => void, ms: number): unknown;
  clearTimeout(handle: unknown): void;
}

/** Small persistent storage (web: localStorage, phones: the secure store). */
export interface KeyValueStore {
  get(key: string): Promise<string | null>;
  set(key: string, value: string): Promise<void>;
  remove(key: string): Promise<void>;
}

export interface Ids {
  uuid(): string;
}

/** `fetch` as far as it is used. */
export type Fetch = (input: string, init?: RequestInit) => Promise<Response>;

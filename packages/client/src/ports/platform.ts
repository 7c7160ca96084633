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
  /** Another instance of this device has changed the value. Never, where there is one instance only. */
  onChange(key: string, listener: () => void): () => void;
}

export interface Ids {
  uuid(): string;
}

/** `fetch` as far as it is used. */
export type Fetch = (input: string, init?: RequestInit) => Promise<Response>;

export type NetworkHint = 'back' | 'other';

/** Hints of the platform, never facts: they only make the client look sooner. */
export interface Hints {
  /** The app came to the front again. */
  onVisible(listener: () => void): () => void;
  /** `back`: there is a network again after there was none. `other`: another one is used now. */
  onNetwork(listener: (hint: NetworkHint) => void): () => void;
  /** The app goes out of sight, or ends: nobody is told which, and this may be the last moment in which it runs. */
  onHidden(listener: () => void): () => void;
  /** The page is left or reloaded: it does not run on. Where the system keeps an app that nobody sees, it is never told. */
  onLeave(listener: () => void): () => void;
}

import type { Stage } from './people.ts';

export interface Case {
  /** As one asks for it with `--only`. */
  readonly name: string;
  /** What the contract promises, in one sentence. */
  readonly rule: string;
  /** It waits for a deadline of the server: it begins first, and takes nobody's place. */
  readonly waits?: boolean;
  readonly run: (stage: Stage) => Promise<void>;
}

import type { UserId } from '@parley/domain';
import type { CallView } from '@parley/protocol';
import type { CommandRunner } from '../commands/command-runner.ts';
import type { MediaPaths } from './media-paths.ts';

/** A call in which this instance sits, and what carries its media; null where nothing does. */
export interface Carried {
  readonly view: CallView;
  readonly paths: MediaPaths | null;
}

interface Deps {
  readonly runner: CommandRunner;
  me(): UserId | undefined;
  /** The active call first, then those on hold. */
  calls(): readonly Carried[];
  /** The call has media here, whether or not a view of it is known. */
  isCarried(callId: string): boolean;
}

/** Tells the ledger that media flows: once for each epoch of a call, unless the ledger goes on waiting for it. */
export class ConnectedReporter {
  readonly #deps: Deps;
  /** Whose media is said to flow, or is being said to: a call and its epoch. */
  readonly #reported = new Set<string>();

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  report(callId: string, epoch: number): void {
    const key = keyOf(callId, epoch);
    if (this.#reported.has(key)) return;
    this.#reported.add(key);
    const obsolete = () => !this.#deps.isCarried(callId);
    const viewed = () => this.#deps.calls().find(({ view }) => view.call.id === callId)?.view;
    const before = viewed();
    this.#deps.runner.run('media-connected', callId, { epoch }, obsolete).catch(() => {
      if (!this.#reported.delete(key)) return;
      // A view that came before the refusal found the report on its way: nothing else would make it again.
      if (viewed() !== before) this.reportWhatIsMissing();
    });
  }

  /** A report that was refused at the time (or failed for good) is made again while the ledger still waits for it. */
  reportWhatIsMissing(): void {
    const me = this.#deps.me();
    for (const { view, paths } of this.#deps.calls()) {
      const { id, mediaEpoch, participants } = view.call;
      const isMissing = participants.some(({ userId, state }) => userId === me && state === 'connecting');
      if (isMissing && paths?.flowing?.callId === id && paths.flowing.epoch === mediaEpoch) this.report(id, mediaEpoch);
    }
  }

  /** What was said of an earlier engine is not said of this: the ledger forgets it when the seat goes to another device and back. */
  begin(callId: string, epoch: number): void {
    this.#reported.delete(keyOf(callId, epoch));
  }

  reset(): void {
    this.#reported.clear();
  }
}

const keyOf = (callId: string, epoch: number): string => `${callId}:${epoch}`;

import type { CallView } from '@parley/protocol';
import type { Self } from '../calls/state.ts';
import type { CommandRunner } from '../commands/command-runner.ts';
import type { LocalMedia } from './local-media.ts';

/** Tells the ledger of mute and camera: the newest state only, one report at a time. */
export class MediaStateReporter {
  readonly #runner: CommandRunner;
  readonly #local: LocalMedia;
  readonly #unlisten: () => void;
  #callId: string | null = null;
  /** What the ledger has, as far as known here. */
  #known: string | null = null;
  #sending = false;

  constructor(runner: CommandRunner, local: LocalMedia) {
    this.#runner = runner;
    this.#local = local;
    this.#unlisten = local.onChange(() => void this.#report());
  }

  follow(view: CallView, self: Self): void {
    const { call, seats } = view;
    const seat = seats.find(({ userId }) => userId === self.user.id);
    if (seat?.instanceId !== self.instanceId) {
      this.stop();
      return;
    }
    const own = call.participants.find(({ userId }) => userId === self.user.id);
    if (this.#callId !== call.id && own) {
      this.#callId = call.id;
      this.#known = keyOf(own);
    }
    void this.#report();
  }

  stop(): void {
    this.#callId = null;
    this.#known = null;
  }

  dispose(): void {
    this.stop();
    this.#unlisten();
  }

  async #report(): Promise<void> {
    if (this.#sending || !this.#local.inUse) return;
    const callId = this.#callId;
    const wish = this.#local.state();
    const { isMuted, videoEnabled } = wish;
    if (callId === null || keyOf(wish) === this.#known) return;
    this.#sending = true;
    try {
      await this.#runner.run('media-state', callId, { isMuted, videoEnabled }, () => this.#callId !== callId);
    } catch {
      // Refused: the call ended or the seat is gone. The same report would be refused again.
    }
    this.#sending = false;
    if (this.#callId === callId) this.#known = keyOf({ isMuted, videoEnabled });
    // It may have changed meanwhile.
    void this.#report();
  }
}

const keyOf = (state: { readonly isMuted: boolean; readonly videoEnabled: boolean }): string =>
  `${state.isMuted}:${state.videoEnabled}`;

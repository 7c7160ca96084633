import { isSeatedState, type UserId } from '@parley/domain';
import type { CallView } from '@parley/protocol';
import type { Self } from '../calls/state.ts';
import type { MediaStreamLike } from '../ports/media-engine.ts';
import type { Clock } from '../ports/platform.ts';
import type { EngineSession } from './engine-session.ts';

/** Whoever is heard on the old path and not on the new one within this is not waited for. */
const FLOW_WITHIN_MS = 8_000;
/** The old path stays for a moment after the last one has reported the new one: what is under way arrives. */
const LINGER_MS = 1_000;
/** Somebody who never reports does not keep the old path for ever. */
const OLD_AT_MOST_MS = 20_000;

interface MediaPathsDeps {
  readonly clock: Clock;
  /** Media of this path flows, of everybody who was heard before: it can be reported. */
  ready(session: EngineSession): void;
  changed(): void;
}

/**
 * The media of one call while its plan changes: the new path comes up beside the old one, with the same captured tracks. Each
 * person is played on the old path until they flow on the new one; the old one goes when everybody has reported the new, and
 * stays for as long as the new one does not come about.
 */
export class MediaPaths {
  readonly #deps: MediaPathsDeps;
  #newest: EngineSession | null = null;
  #old: EngineSession | null = null;
  #ready = false;
  /** A new path that is up is not waited with for ever. */
  #patience: unknown = null;
  #impatient = false;
  #ending: unknown = null;
  #lastCall: unknown = null;
  #everybodyReported = false;
  #seated: readonly UserId[] = [];

  constructor(deps: MediaPathsDeps) {
    this.#deps = deps;
  }

  get newest(): EngineSession | null {
    return this.#newest;
  }

  /** The newest path, once its media has come: what the ledger is told. */
  get flowing(): { readonly callId: string; readonly epoch: number } | null {
    return this.#ready && this.#newest ? this.#newest.signalling : null;
  }

  /** All that are up or coming up, the one that leads first. */
  get sessions(): readonly EngineSession[] {
    const { leading } = this;
    return [leading, this.#newest, this.#old].filter(
      (session, index, all): session is EngineSession => session !== null && all.indexOf(session) === index,
    );
  }

  /** The one whose state is the call's: the old path until the new one flows. */
  get leading(): EngineSession | null {
    const takenOver = this.#ready && this.#newest?.state === 'connected';
    return this.#old === null || takenOver ? this.#newest : this.#old;
  }

  of(epoch: number): EngineSession | null {
    return this.sessions.find(({ signalling }) => signalling.epoch === epoch) ?? null;
  }

  add(session: EngineSession): void {
    const leading = this.leading;
    for (const other of this.sessions) if (other !== leading) other.close();
    this.#clear();
    this.#old = leading;
    this.#newest = session;
    this.#ready = false;
    this.#impatient = false;
    this.#everybodyReported = false;
  }

  follow({ call }: CallView, self: Self): void {
    const epoch = this.#newest?.signalling.epoch ?? 0;
    const others = call.participants.filter(({ userId, state }) => userId !== self.user.id && isSeatedState(state));
    this.#seated = others.map(({ userId }) => userId);
    this.#everybodyReported = others.every(({ mediaEpoch }) => (mediaEpoch ?? 0) >= epoch);
    this.look();
  }

  /** Something has changed in one of the sessions. */
  look(): void {
    const newest = this.#newest;
    if (!newest) return;
    const up = newest.state === 'connected';
    if (up && !this.#ready && this.#flows(newest)) {
      this.#ready = true;
      this.#deps.ready(newest);
    }
    if (this.#old === null) return;
    if (!up) {
      // It broke before it took over: the old one is all there is.
      this.#cancelEnd();
      return;
    }
    const { clock } = this.#deps;
    this.#patience ??= clock.setTimeout(() => {
      this.#impatient = true;
      this.look();
      this.#deps.changed();
    }, FLOW_WITHIN_MS);
    if (!this.#ready) return;
    const over = this.#old.state === 'failed' || this.#old.state === 'closed';
    this.#lastCall ??= clock.setTimeout(() => this.#endOld(), OLD_AT_MOST_MS);
    if (this.#everybodyReported || over) this.#ending ??= clock.setTimeout(() => this.#endOld(), LINGER_MS);
  }

  streams(): ReadonlyMap<UserId, MediaStreamLike | null> {
    return this.#played('stream');
  }

  screens(): ReadonlyMap<UserId, MediaStreamLike | null> {
    return this.#played('screen');
  }

  close(): void {
    this.#clear();
    for (const session of this.sessions) session.close();
    this.#newest = null;
    this.#old = null;
    this.#ready = false;
    this.#seated = [];
  }

  /** A path to a server is up though nobody else is there; between devices somebody has to be heard. */
  #flows(newest: EngineSession): boolean {
    const heard = this.#old?.remote.flatMap(({ userId, stream }) => (stream ? [userId] : [])) ?? [];
    const awaited = heard.filter((userId) => this.#seated.includes(userId));
    if (awaited.length > 0) return this.#impatient || awaited.every((userId) => newest.flowed.has(userId));
    return newest.engine.capabilities.meets === 'server' || newest.flowed.size > 0;
  }

  #played(what: 'stream' | 'screen'): ReadonlyMap<UserId, MediaStreamLike | null> {
    const played = new Map(this.#newest?.remote.map((media) => [media.userId, media[what]]));
    for (const media of this.#old?.remote ?? []) {
      const { userId } = media;
      const flows = this.#newest?.state === 'connected' && this.#newest.flowed.has(userId);
      const taken = flows && (played.get(userId) ?? null) !== null;
      if (!taken && media[what] !== null) played.set(userId, media[what]);
    }
    return played;
  }

  #endOld(): void {
    const old = this.#old;
    this.#clear();
    this.#old = null;
    old?.close();
    this.#deps.changed();
  }

  #cancelEnd(): void {
    const { clock } = this.#deps;
    clock.clearTimeout(this.#ending);
    clock.clearTimeout(this.#lastCall);
    this.#ending = null;
    this.#lastCall = null;
  }

  #clear(): void {
    this.#cancelEnd();
    this.#deps.clock.clearTimeout(this.#patience);
    this.#patience = null;
  }
}

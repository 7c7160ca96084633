import type { MediaCredentials } from '@parley/protocol';
import type { Clock } from '../ports/platform.ts';
import type { SignallingTransport } from '../ports/signalling-transport.ts';

/** So long the answer is waited for that brings them, in milliseconds: what is asked for instead takes a round trip of its own. */
const WITHIN_MS = 1_000;
/** Older ones may have run out by the time they arrive at the media server (a token lasts two minutes), in milliseconds. */
const FRESH_MS = 30_000;

interface Deps {
  readonly transport: Pick<SignallingTransport, 'onMessage'>;
  readonly clock: Clock;
  /** An address that is a path lies on the signalling server. */
  absolute(path: string): string;
}

interface Given {
  readonly callId: string;
  readonly epoch: number;
  readonly at: number;
  readonly credentials: MediaCredentials;
}

/**
 * Credentials that come with the answer to the command that gave a seat (SPEC P44). Whoever goes into a room waits for that answer, and
 * asks only where it brought none: over REST, from an older server, or because the server could not make any.
 */
export class GivenCredentials {
  readonly #deps: Deps;
  readonly #off: () => void;
  #given: Given | null = null;
  /** Commands that have no answer yet, with their calls; null where that is not known yet. */
  readonly #answers = new Map<Promise<unknown>, string | null>();
  #arrived: (() => void)[] = [];

  constructor(deps: Deps) {
    this.#deps = deps;
    this.#off = deps.transport.onMessage((message) => {
      if (message.t !== 'media') return;
      const { callId, epoch, credentials } = message;
      const url = credentials.url?.startsWith('/') ? deps.absolute(credentials.url) : credentials.url;
      this.#given = { callId, epoch, at: deps.clock.now(), credentials: { ...credentials, url } };
      this.#tell();
    });
  }

  /** A command that may bring some is on its way; what was given before is of an earlier seat. */
  expect(callId: string | null, answer: Promise<unknown>): void {
    this.#given = null;
    const answered = answer.then(
      () => undefined,
      () => undefined,
    );
    this.#answers.set(answered, callId);
    void answered.then(() => {
      this.#answers.delete(answered);
      this.#tell();
    });
  }

  /** Once: what was given lets somebody in, and is asked for anew after that. Null where there are none. */
  async take(callId: string, epoch: number): Promise<MediaCredentials | null> {
    const until = this.#deps.clock.now() + WITHIN_MS;
    while (!this.#has(callId, epoch) && this.#isAwaited(callId) && this.#deps.clock.now() < until) {
      await this.#news(until - this.#deps.clock.now());
    }
    if (!this.#has(callId, epoch)) return null;
    const credentials = this.#given?.credentials ?? null;
    this.#given = null;
    return credentials;
  }

  /** Somebody else signs in, or nobody. */
  forget(): void {
    this.#given = null;
    this.#answers.clear();
    this.#tell();
  }

  dispose(): void {
    this.#off();
    this.#tell();
  }

  #has(callId: string, epoch: number): boolean {
    const given = this.#given;
    const isThat = given?.callId === callId && given.epoch === epoch;
    return isThat && this.#deps.clock.now() - given.at < FRESH_MS;
  }

  #isAwaited(callId: string): boolean {
    return [...this.#answers.values()].some((one) => one === null || one === callId);
  }

  #news(ms: number): Promise<void> {
    const { clock } = this.#deps;
    return new Promise((resolve) => {
      const timer = clock.setTimeout(resolve, ms);
      this.#arrived.push(() => {
        clock.clearTimeout(timer);
        resolve();
      });
    });
  }

  #tell(): void {
    const arrived = this.#arrived;
    this.#arrived = [];
    for (const run of arrived) run();
  }
}

import { contextFor, type EngineSide, FakeStream, FakeTrack, ManualClock, uuidOf } from '@parley/testing';
import { LiveKitEngine } from '../src/livekit-engine.ts';
import { FakeSfu } from './fake-sfu.ts';

export const A = uuidOf(1);
export const B = uuidOf(2);
export const C = uuidOf(3);
export const identityOf = (userId: string, device = 'd1'): string => `${userId}:${device}`;

/** Engines of one room on an SFU in memory. */
export class LiveKitBench {
  readonly clock = new ManualClock();
  readonly sfu = new FakeSfu();
  readonly a: EngineSide;
  b: EngineSide;
  readonly #sides: EngineSide[] = [];
  #streams = 0;

  constructor() {
    this.a = this.side(A);
    this.b = this.side(B);
  }

  track(kind: 'audio' | 'video'): FakeTrack {
    return new FakeTrack(kind);
  }

  side(userId: string, device = 'd1'): EngineSide {
    const engine = new LiveKitEngine({
      room: this.sfu.room,
      stream: () => {
        this.#streams += 1;
        return new FakeStream(`stream-${this.#streams}`);
      },
      now: () => this.clock.now(),
      setTimeout: (run, ms) => this.clock.setTimeout(run, ms),
      clearTimeout: (handle) => this.clock.clearTimeout(handle),
    });
    const { credentials, ...context } = contextFor(userId);
    const side = {
      engine,
      context: {
        ...context,
        credentials: {
          ...credentials,
          engine: 'livekit' as const,
          url: 'ws://sfu.test',
          token: this.sfu.tokenFor(identityOf(userId, device)),
          uid: identityOf(userId, device),
        },
      },
    };
    this.#sides.push(side);
    return side;
  }

  /** The engine goes without a word; a new one takes the same identity. */
  reloadB(): EngineSide {
    const old = this.b;
    this.b = this.side(B);
    void old;
    return this.b;
  }

  async dispose(): Promise<void> {
    for (const { engine } of this.#sides) await engine.close();
  }
}

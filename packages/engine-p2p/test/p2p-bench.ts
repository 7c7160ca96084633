import type { IceServer } from '@parley/protocol';
import {
  CountingIds,
  contextFor,
  type EngineSide,
  FakeSignallingWire,
  FakeTrack,
  FakeWebRtc,
  ManualClock,
  uuidOf,
} from '@parley/testing';
import { P2pEngine } from '../src/index.ts';

const SEATS = {
  a: { userId: uuidOf(1), instanceId: uuidOf(0x11) },
  b: { userId: uuidOf(2), instanceId: uuidOf(0x12) },
} as const;
type Side = keyof typeof SEATS;

/** Two engines on fake connections: `a` began the call and offers, `b` is polite. */
export class P2pBench {
  readonly clock = new ManualClock();
  readonly webRtc = new FakeWebRtc();
  readonly wire = new FakeSignallingWire();
  readonly a: EngineSide;
  b: EngineSide;
  /** The newest end of each side's signalling. */
  readonly ends: Record<Side, ReturnType<FakeSignallingWire['end']>>;
  /** What each connection was made with, of both sides. */
  readonly begunWith: (readonly IceServer[])[] = [];
  readonly #ids = new CountingIds(0x1000);

  constructor() {
    this.ends = { a: this.wire.end(SEATS.a.instanceId, []), b: this.wire.end(SEATS.b.instanceId, []) };
    this.a = this.#side('a');
    this.b = this.#side('b');
  }

  track(kind: 'audio' | 'video'): FakeTrack {
    return new FakeTrack(kind);
  }

  /** The engine goes without a word; a new one takes the same seat. */
  reload(side: Side): EngineSide {
    void (side === 'a' ? this.a : this.b).engine.close();
    const again = this.#side(side);
    if (side === 'b') this.b = again;
    return again;
  }

  /** Another device of the same person, which takes the seat over; until `seat` is called the other side knows nothing of it. */
  device(side: Side, instanceId: string): EngineSide {
    return this.#side(side, instanceId);
  }

  /** The other side learns from the ledger on which device this one sits. */
  seat(side: Side, instanceId: string = SEATS[side].instanceId): void {
    const other = side === 'a' ? 'b' : 'a';
    this.ends[other].setPeers([{ userId: SEATS[side].userId, instanceId, polite: other === 'b' }]);
  }

  async connect(): Promise<void> {
    await this.a.engine.connect(this.a.context);
    await this.b.engine.connect(this.b.context);
  }

  async dispose(): Promise<void> {
    await this.a.engine.close();
    await this.b.engine.close();
  }

  #side(side: Side, instanceId: string = SEATS[side].instanceId): EngineSide {
    const other = side === 'a' ? 'b' : 'a';
    const signalling = this.wire.end(instanceId, [{ ...SEATS[other], polite: side === 'b' }]);
    this.ends[side] = signalling;
    const engine = new P2pEngine(signalling, {
      connection: (ice) => {
        this.begunWith.push(ice.iceServers);
        return this.webRtc.connect();
      },
      reconfigure: (connection, { iceServers }) =>
        connection.setConfiguration({ iceServers: iceServers as RTCIceServer[] }),
      stream: () => this.webRtc.stream(),
      uuid: () => this.#ids.uuid(),
      now: () => this.clock.now(),
      setTimeout: (run, ms) => this.clock.setTimeout(run, ms),
      clearTimeout: (handle) => this.clock.clearTimeout(handle),
    });
    return { engine, context: contextFor(SEATS[side].userId) };
  }
}

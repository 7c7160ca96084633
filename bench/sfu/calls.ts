import { setTimeout as pause } from 'node:timers/promises';
import { HeadlessMember } from '../../packages/testing/src/headless/index.ts';
import { inGroups } from '../lib/device.ts';
import { joinToken, makeRoom } from '../lib/media-server.ts';
import { cpuMsOf, type Reached } from './place.ts';

/** Calls of so many people each, of whom some speak; in those with a screen one shows theirs. */
export interface Shape {
  readonly calls: number;
  readonly people: number;
  readonly unmuted: number;
  readonly screen: boolean;
}

export interface Flowed {
  /** That came out at the listeners. */
  readonly packets: number;
  readonly lost: number;
  /** Of the media server's processor. */
  readonly cpuMs: number;
  readonly seconds: number;
  /** Somebody had to connect again meanwhile: what they count began anew. */
  readonly broken: boolean;
}

interface Mark {
  readonly counts: readonly { readonly packets: number; readonly lost: number }[];
  readonly cpuMs: number;
  readonly at: number;
}

const AT_ONCE = 8;
const PATIENCE_MS = 60_000;

/** People without a browser in the rooms of one media server. */
export class Calls {
  readonly #place: Reached;
  readonly #shape: Shape;
  readonly #calls: readonly (readonly HeadlessMember[])[];

  private constructor(place: Reached, shape: Shape, calls: readonly (readonly HeadlessMember[])[]) {
    this.#place = place;
    this.#shape = shape;
    this.#calls = calls;
  }

  static async open(place: Reached, shape: Shape): Promise<Calls> {
    const rooms = Array.from({ length: shape.calls }, (_, index) => `room-${shape.people}-${shape.screen}-${index}`);
    const calls: HeadlessMember[][] = [];
    for (const room of rooms) {
      await makeRoom(place.api, room);
      calls.push(
        await inGroups(shape.people, AT_ONCE, (n) =>
          HeadlessMember.join(place.url, joinToken(`person-${n}`, room), { count: false }),
        ),
      );
    }
    return new Calls(place, shape, calls);
  }

  /** Everybody who speaks begins to, and all hear it. */
  async begin(): Promise<void> {
    for (const members of this.#calls) {
      for (const speaker of members.slice(0, this.#shape.unmuted)) await speaker.publishTone();
      const [first] = members;
      if (this.#shape.screen && first)
        await first.publishFilm({ source: 'screen', width: 640, height: 360, framesPerSecond: 10 });
    }
    await this.#everybodyHears();
  }

  /** What flows in so many milliseconds. */
  async measure(ms: number): Promise<Flowed> {
    const before = await this.#mark();
    await pause(ms);
    const after = await this.#mark();
    const gained = after.counts.map(({ packets, lost }, index) => ({
      packets: packets - (before.counts[index]?.packets ?? 0),
      lost: lost - (before.counts[index]?.lost ?? 0),
    }));
    const sum = (what: 'packets' | 'lost') => gained.reduce((all, one) => all + one[what], 0);
    return {
      packets: sum('packets'),
      lost: sum('lost'),
      cpuMs: after.cpuMs - before.cpuMs,
      seconds: (after.at - before.at) / 1000,
      broken: gained.some(({ packets }) => packets < 0),
    };
  }

  async #everybodyHears(): Promise<void> {
    const listeners = this.#calls.flatMap((members) => members.slice(this.#shape.unmuted));
    const packets = () => Promise.all(listeners.map((member) => member.packetsReceived()));
    const before = await packets();
    const end = Date.now() + PATIENCE_MS;
    while ((await packets()).some((count, index) => count <= (before[index] ?? 0))) {
      if (Date.now() > end) throw new Error('Not everybody hears something.');
      await pause(100);
    }
  }

  async #mark(): Promise<Mark> {
    const [counts, cpuMs] = await Promise.all([
      Promise.all(
        this.#calls.flat().map(async (member) => ({
          packets: await member.packetsReceived(),
          lost: await member.packetsLost(),
        })),
      ),
      cpuMsOf(this.#place.pid),
    ]);
    return { counts, cpuMs, at: performance.now() };
  }
}

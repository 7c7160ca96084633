import { setTimeout as pause } from 'node:timers/promises';
import { HeadlessMember, type Publication } from '../../packages/testing/src/headless/index.ts';
import { inGroups } from '../lib/device.ts';
import { joinToken, makeRoom } from '../lib/media-server.ts';
import type { MediaPlace } from './place.ts';

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
}

const AT_ONCE = 4;
const PATIENCE_MS = 60_000;

/** People without a browser in the rooms of one media server. They send only while they are measured. */
export class Calls {
  readonly #place: MediaPlace;
  readonly #shape: Shape;
  readonly #calls: readonly (readonly HeadlessMember[])[];

  private constructor(place: MediaPlace, shape: Shape, calls: readonly (readonly HeadlessMember[])[]) {
    this.#place = place;
    this.#shape = shape;
    this.#calls = calls;
  }

  static async open(place: MediaPlace, shape: Shape): Promise<Calls> {
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

  /** Everybody who speaks begins to, and it is counted for so long once all hear it. */
  async measure(ms: number, settleMs: number): Promise<Flowed> {
    const published: Publication[] = [];
    for (const members of this.#calls) {
      for (const speaker of members.slice(0, this.#shape.unmuted)) published.push(await speaker.publishTone());
      const [first] = members;
      if (this.#shape.screen && first)
        published.push(await first.publishFilm({ source: 'screen', width: 640, height: 360, framesPerSecond: 10 }));
    }
    try {
      await this.#everybodyHears();
      await pause(settleMs);
      const before = { ...(await this.#count()), cpu: await this.#place.cpuMs(), at: performance.now() };
      await pause(ms);
      const cpuMs = (await this.#place.cpuMs()) - before.cpu;
      const seconds = (performance.now() - before.at) / 1000;
      const { packets, lost } = await this.#count();
      return { packets: packets - before.packets, lost: lost - before.lost, cpuMs, seconds };
    } finally {
      await Promise.all(published.map((one) => one.stop()));
    }
  }

  async close(): Promise<void> {
    await Promise.all(this.#calls.flat().map((member) => member.leave()));
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

  async #count(): Promise<{ packets: number; lost: number }> {
    const all = await Promise.all(
      this.#calls.flat().map(async (member) => [await member.packetsReceived(), await member.packetsLost()] as const),
    );
    return {
      packets: all.reduce((sum, [packets]) => sum + packets, 0),
      lost: all.reduce((sum, [, lost]) => sum + lost, 0),
    };
  }
}

import { seededRandom } from '../random.ts';

/** Something that a person does, or that befalls a part of the world. Numbers name tabs, devices, people and nodes. */
export type Deed =
  | { readonly do: 'call'; readonly tab: number; readonly person: number; readonly video: boolean }
  | { readonly do: 'group'; readonly tab: number; readonly people: readonly number[]; readonly inChannel: boolean }
  | {
      readonly do: 'accept' | 'decline' | 'hang up' | 'move here' | 'end for all' | 'hand' | 'mute' | 'unmute';
      readonly tab: number;
    }
  | { readonly do: 'invite' | 'remove' | 'mute other'; readonly tab: number; readonly person: number }
  /** New connections fail too, for so long. */
  | { readonly do: 'cut'; readonly device: number; readonly how: 'broken' | 'silent'; readonly ms: number }
  /** Only what is open breaks. */
  | { readonly do: 'drop'; readonly device: number; readonly how: 'broken' | 'silent' }
  | { readonly do: 'kill' | 'restart'; readonly node: number; readonly ms: number }
  | { readonly do: 'lose database'; readonly node: number; readonly ms: number }
  | { readonly do: 'lose redis'; readonly ms: number }
  /** Messages and statements take many times as long. */
  | { readonly do: 'slow'; readonly ms: number }
  | { readonly do: 'reload' | 'close'; readonly tab: number }
  | { readonly do: 'crash'; readonly tab: number; readonly silently: boolean; readonly ms: number | null }
  | { readonly do: 'open tab'; readonly device: number }
  | { readonly do: 'switch on'; readonly device: number };

export interface Step {
  /** Milliseconds from the beginning. */
  readonly at: number;
  readonly deed: Deed;
}

/** A world and what happens in it: all that a run depends on. */
export interface Plan {
  readonly seed: number;
  readonly nodes: number;
  /** By person: how many devices. */
  readonly devices: readonly number[];
  /** Devices that are off at the beginning. */
  readonly off: readonly number[];
  /** By device, in milliseconds. */
  readonly skews: readonly number[];
  readonly steps: readonly Step[];
}

export const ACTION_MS = 24_000;

const HOUR_MS = 3_600_000;

/** Draws things by lot. */
class Lot {
  readonly random: () => number;
  constructor(seed: number) {
    this.random = seededRandom(seed);
  }
  below(count: number): number {
    return Math.floor(this.random() * count);
  }
  between(low: number, high: number): number {
    return low + this.below(high - low + 1);
  }
  of<T>(first: T, ...rest: readonly T[]): T {
    return [first, ...rest][this.below(rest.length + 1)] ?? first;
  }
  chance(share: number): boolean {
    return this.random() < share;
  }
}

export function planOf(seed: number): Plan {
  const lot = new Lot(seed);
  const people = lot.of(2, 2, 3, 3, 4);
  const devices = Array.from({ length: people }, () => lot.of(1, 1, 2, 3));
  const count = devices.reduce((sum, n) => sum + n, 0);
  const nodes = lot.of(1, 2, 2, 3);
  const skews = Array.from({ length: count }, () => (lot.chance(0.3) ? lot.of(-HOUR_MS, HOUR_MS) : 0));
  const off = Array.from({ length: count }, (_, device) => device).filter(() => lot.chance(0.1));
  const steps: Step[] = [];
  const scenes = lot.between(1, 4);
  for (let n = 0; n < scenes; n += 1) steps.push(...scene(lot, { people, count, nodes, devices }));
  const faults = lot.chance(0.25) ? 0 : lot.between(1, 4);
  for (let n = 0; n < faults; n += 1) {
    steps.push({ at: lot.below(ACTION_MS), deed: fault(lot, { people, count, nodes, devices }) });
  }
  for (const device of off)
    if (lot.chance(0.7)) steps.push({ at: lot.below(ACTION_MS), deed: { do: 'switch on', device } });
  return { seed, nodes, devices, off, skews, steps: steps.toSorted((a, b) => a.at - b.at) };
}

interface Cast {
  readonly people: number;
  readonly count: number;
  readonly nodes: number;
  readonly devices: readonly number[];
}

/** Tabs begin one on each device: the first tab of a person is that of their first device. */
const devicesOf = ({ devices }: Cast, person: number): number[] => {
  const first = devices.slice(0, person).reduce((sum, n) => sum + n, 0);
  return Array.from({ length: devices[person] ?? 0 }, (_, at) => first + at);
};

function scene(lot: Lot, cast: Cast): Step[] {
  const at = lot.below(ACTION_MS / 2);
  const from = lot.below(cast.people);
  const to = (from + 1 + lot.below(cast.people - 1)) % cast.people;
  const [own, other] = [devicesOf(cast, from), devicesOf(cast, to)];
  const tab = own[lot.below(own.length)] ?? 0;
  const call: Step = { at, deed: { do: 'call', tab, person: to, video: lot.chance(0.3) } };
  const end = (from: number): Step => ({
    at: from,
    deed: { do: 'hang up', tab: lot.chance(0.5) ? tab : (other[0] ?? 0) },
  });
  const soon = (most: number) => at + lot.below(most);
  const move = (from: number): Step[] => {
    const device = lot.chance(0.5) ? own : other;
    return lot.chance(0.2) ? [{ at: from, deed: { do: 'move here', tab: device[lot.below(device.length)] ?? 0 } }] : [];
  };
  switch (
    lot.of(
      'plain',
      'plain',
      'glare',
      'glare',
      'regret',
      'stampede',
      'stampede',
      'third',
      'group',
      'crowd',
      'two hands',
      'two regrets',
    )
  ) {
    case 'plain': {
      const answer = lot.of('accept', 'accept', 'decline') as 'accept' | 'decline';
      const answered: Step = { at: soon(4_000), deed: { do: answer, tab: other[lot.below(other.length)] ?? 0 } };
      const steps = [call, answered, ...move(soon(9_000))];
      return lot.chance(0.7) ? [...steps, end(soon(15_000))] : steps;
    }
    case 'glare': {
      const back: Step = {
        at: soon(250),
        deed: { do: 'call', tab: other[0] ?? 0, person: from, video: lot.chance(0.3) },
      };
      return lot.chance(0.5) ? [call, back, end(soon(lot.of(400, 4_000)))] : [call, back];
    }
    case 'regret':
      return [call, { at: soon(400), deed: { do: 'hang up', tab } }, { ...call, at: soon(900) }];
    case 'stampede': {
      const tapped = soon(3_000);
      const taps = other.flatMap((device): Step[] => {
        const deed = { do: lot.of('accept', 'accept', 'decline') as 'accept', tab: device };
        const first = { at: tapped + lot.below(60), deed };
        return lot.chance(0.3) ? [first, { at: first.at + 10, deed }] : [first];
      });
      return [call, ...taps, end(tapped + lot.below(10_000))];
    }
    case 'two hands': {
      // Two calls from two of one's devices, or a call and one that comes, answered within a moment of each other.
      const third = lot.below(cast.people);
      const second = own[lot.below(own.length)] ?? tab;
      const answer = soon(4_000);
      return [
        call,
        { at: soon(600), deed: { do: 'call', tab: second, person: third, video: false } },
        { at: answer, deed: { do: 'accept', tab: other[0] ?? 0 } },
        { at: answer + lot.below(lot.of(8, 40, 3_000)), deed: { do: 'accept', tab: devicesOf(cast, third)[0] ?? 0 } },
        ...(lot.chance(0.4) ? [end(answer + lot.below(9_000))] : []),
      ];
    }
    case 'two regrets': {
      // Two people call a third, and both take it back at the same moment.
      const third = lot.below(cast.people);
      const by = devicesOf(cast, third)[0] ?? 0;
      const given = soon(3_000);
      return [
        call,
        { at: soon(600), deed: { do: 'call', tab: by, person: to, video: false } },
        { at: given, deed: { do: 'hang up', tab } },
        { at: given + lot.below(lot.of(4, 300)), deed: { do: 'hang up', tab: by } },
      ];
    }
    case 'third': {
      const third = lot.below(cast.people);
      return [
        call,
        { at: soon(2_000), deed: { do: 'accept', tab: other[0] ?? 0 } },
        { at: soon(9_000), deed: { do: 'invite', tab, person: third } },
        { at: soon(12_000), deed: { do: 'accept', tab: devicesOf(cast, third)[0] ?? 0 } },
        ...later(lot, cast, at + 3_000, tab),
      ];
    }
    case 'group':
    case 'crowd': {
      const all = Array.from({ length: cast.people }, (_, n) => n).filter((n) => n !== from);
      const inChannel = lot.chance(0.5);
      const rung = inChannel && lot.chance(0.5) ? [] : all;
      const group: Step = { at, deed: { do: 'group', tab, people: rung, inChannel } };
      const answers = all.map((person): Step => {
        const device = devicesOf(cast, person)[0] ?? 0;
        if (inChannel && rung.length === 0) {
          return { at: soon(2_000), deed: { do: 'group', tab: device, people: [], inChannel } };
        }
        return { at: soon(5_000), deed: { do: lot.of('accept', 'accept', 'decline') as 'accept', tab: device } };
      });
      // The answer to it may be lost.
      const drop: Deed = { do: 'drop', device: tab, how: 'broken' };
      const lost: Step[] = lot.chance(0.3) ? [{ at: at + lot.below(60), deed: drop }] : [];
      return [group, ...lost, ...answers, ...later(lot, cast, at + 2_000, tab)];
    }
    default:
      return [call];
  }
}

/** What goes on in a call once it runs. */
function later(lot: Lot, cast: Cast, from: number, tab: number): Step[] {
  return Array.from({ length: lot.below(4) }, (): Step => {
    const who = lot.chance(0.6) ? tab : lot.below(cast.count);
    const person = lot.below(cast.people);
    const deed: Deed = lot.of<Deed>(
      { do: 'hang up', tab: who },
      { do: 'move here', tab: who },
      { do: 'end for all', tab: who },
      { do: 'hand', tab: who },
      { do: 'mute', tab: who },
      { do: 'unmute', tab: who },
      { do: 'remove', tab: who, person },
      { do: 'invite', tab: who, person },
      { do: 'mute other', tab: who, person },
    );
    return { at: from + lot.below(12_000), deed };
  });
}

function fault(lot: Lot, { count, nodes }: Cast): Deed {
  const device = lot.below(count);
  const node = lot.below(nodes);
  const how = lot.of('broken', 'silent') as 'broken' | 'silent';
  return lot.of<Deed>(
    { do: 'cut', device, how, ms: lot.of(500, 3_000, 10_000, 25_000) },
    { do: 'cut', device, how, ms: lot.of(500, 3_000, 10_000, 25_000) },
    { do: 'drop', device, how },
    { do: 'drop', device, how },
    { do: 'kill', node, ms: lot.of(200, 2_000, 9_000) },
    { do: 'restart', node, ms: lot.of(200, 2_000) },
    { do: 'lose database', node, ms: lot.of(100, 1_500, 8_000) },
    { do: 'lose redis', ms: lot.of(500, 3_000, 10_000) },
    { do: 'slow', ms: lot.of(500, 3_000) },
    { do: 'reload', tab: device },
    { do: 'close', tab: device },
    { do: 'crash', tab: device, silently: lot.chance(0.5), ms: lot.of<number | null>(300, 5_000, null) },
    { do: 'open tab', device },
  );
}

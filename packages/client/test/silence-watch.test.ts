import { ManualClock } from '@parley/testing';
import { beforeEach, expect, it } from 'vitest';
import { SilenceWatch } from '../src/media/silence-watch.ts';

let clock: ManualClock;
let signs: number | null;
let silent: number;
let gone: number;
let canReplace: boolean;
let watch: SilenceWatch;

beforeEach(() => {
  clock = new ManualClock();
  signs = 0;
  silent = 0;
  gone = 0;
  canReplace = true;
  watch = new SilenceWatch({
    now: () => clock.now(),
    setTimeout: (run, ms) => clock.setTimeout(run, ms),
    clearTimeout: (handle) => clock.clearTimeout(handle),
    heard: async () => signs,
    silent: () => {
      silent += 1;
    },
    gone: () => {
      gone += 1;
      return canReplace;
    },
  });
  watch.start();
});

it('says it after two seconds without a sign, and again with pauses that double', async () => {
  await clock.advance(2_000);
  expect(silent).toBe(0);
  await clock.advance(500);
  expect(silent).toBe(1);
  await clock.advance(4_000);
  expect(silent).toBe(2);
  await clock.advance(4_000);
  expect(silent).toBe(2);
});

it('says nothing while something comes now and then, as from who is muted, or nothing is to be expected', async () => {
  for (let second = 0; second < 10; second += 1) {
    signs = (signs ?? 0) + 1;
    await clock.advance(1_000);
  }
  signs = null;
  await clock.advance(10_000);
  expect(silent).toBe(0);
});

it('does not take for silence what a sleeping machine has not heard', async () => {
  const sleepy = new ManualClock();
  let slept = 0;
  const other = new SilenceWatch({
    now: () => sleepy.now() + slept,
    setTimeout: (run, ms) => sleepy.setTimeout(run, ms),
    clearTimeout: (handle) => sleepy.clearTimeout(handle),
    heard: async () => 1,
    silent: () => {
      silent += 1;
    },
  });
  watch.stop();
  other.start();
  await sleepy.advance(500);
  slept = 60_000;
  await sleepy.advance(1_000);
  expect(silent).toBe(0);
});

it('says nothing once it is stopped', async () => {
  watch.stop();
  await clock.advance(10_000);
  expect({ silent, waiting: clock.pending }).toEqual({ silent: 0, waiting: 0 });
});

it('says at once, and once, that a path has gone with its network, where nothing comes after a hint', async () => {
  await clock.advance(1_000);
  watch.suspect();
  await clock.advance(300);
  expect([gone, silent]).toEqual([1, 0]);
  await clock.advance(1_000);
  expect(gone).toBe(1);
});

it('takes a path for good on which something comes after a hint, or came just before and is on its way', async () => {
  const some = async (ms: number) => {
    signs = (signs ?? 0) + 1;
    await clock.advance(ms);
  };
  await some(1_000);
  watch.suspect();
  for (let passed = 0; passed < 4_000; passed += 400) await some(400);
  expect(gone).toBe(0);
  watch.suspect();
  await clock.advance(500);
  expect(gone).toBe(0);
  await clock.advance(700);
  expect(gone).toBe(1);
});

it('asks again where a path that has gone cannot be replaced yet, and not for ever', async () => {
  canReplace = false;
  await clock.advance(1_000);
  watch.suspect();
  await clock.advance(1_000);
  expect(gone).toBeGreaterThan(2);
  canReplace = true;
  await clock.advance(200);
  const asked = gone;
  await clock.advance(10_000);
  expect(gone).toBe(asked);
});

it('gives a path that was silent before the hint its time, too, however often it is said', async () => {
  await clock.advance(1_000);
  for (let hint = 0; hint < 3; hint += 1) {
    watch.suspect();
    await clock.advance(50);
  }
  expect(gone).toBe(0);
  await clock.advance(150);
  expect(gone).toBe(1);
});

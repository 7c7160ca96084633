import { expect, it } from 'vitest';
import { returningSpeakers } from '../src/browser/returning-speakers.ts';
import type { MediaDevice } from '../src/ports/devices.ts';

const device = (kind: MediaDevice['kind'], id: string): MediaDevice => ({ kind, id, label: id, groupId: '' });
const ears = device('speaker', 'ears');
const wall = device('speaker', 'wall');
const headset = device('microphone', 'ears');

function stage() {
  let at = 0;
  const see = returningSpeakers(() => at);
  return (after: number, ...list: MediaDevice[]) => {
    at += after;
    return see(list);
  };
}

it('a speaker that comes back counts as gone until the browser can play through it again', () => {
  const see = stage();
  expect(see(0, wall, ears)).toEqual([wall, ears]);
  expect(see(1_000, wall)).toEqual([wall]);
  expect(see(4_000, wall, ears)).toEqual([wall]);
  expect(see(7_999, wall, ears)).toEqual([wall]);
  expect(see(1, wall, ears)).toEqual([wall, ears]);
});

it('each time that it goes the wait begins anew', () => {
  const see = stage();
  see(0, ears);
  see(1_000);
  expect(see(12_000, ears)).toEqual([ears]);
  see(1_000);
  expect(see(11_999, ears)).toEqual([]);
});

it('a speaker that nobody has seen before is there at once, and microphones always', () => {
  const see = stage();
  see(0, wall, headset);
  see(1_000, wall);
  expect(see(1_000, wall, ears, headset)).toEqual([wall, ears, headset]);
});

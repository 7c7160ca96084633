import { expect, it } from 'vitest';
import { onNetworkChange } from '../src/browser/network-hints.ts';

/** As the browser tells of its network; `type` is left out by those of a desktop. */
class Connection extends EventTarget {
  type?: string;
  become(type?: string): void {
    if (type !== undefined) this.type = type;
    this.dispatchEvent(new Event('change'));
  }
}

let now = 0;
let online = true;
const listen = (connection?: Connection) => {
  const page = new EventTarget();
  const heard: number[] = [];
  const stop = onNetworkChange(
    page,
    connection,
    () => now,
    () => online,
    () => heard.push(now),
  );
  return { page, heard, stop };
};

it('hears that the network is back, also where a browser tells no more', () => {
  const { page, heard, stop } = listen();
  page.dispatchEvent(new Event('online'));
  stop();
  page.dispatchEvent(new Event('online'));
  expect(heard).toHaveLength(1);
});

it('hears of each change to another kind of network at once', () => {
  const connection = new Connection();
  connection.type = 'wifi';
  const { heard } = listen(connection);
  connection.become('cellular');
  connection.become('wifi');
  expect(heard).toHaveLength(2);
});

it('hears nothing of a network that went, and of the next one at once', () => {
  const connection = new Connection();
  const { page, heard } = listen(connection);
  online = false;
  connection.become();
  expect(heard).toEqual([]);
  online = true;
  page.dispatchEvent(new Event('online'));
  connection.become();
  expect(heard).toHaveLength(2);
});

it('hears of estimates that change all the time once in ten seconds', () => {
  const connection = new Connection();
  const { heard } = listen(connection);
  for (let second = 0; second < 25; second += 1) {
    now = second * 1_000;
    connection.become();
  }
  expect(heard).toEqual([0, 10_000, 20_000]);
});

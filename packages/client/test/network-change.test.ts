import { ADA, ADA_AT, callView, contextFor, FakeEngine, GRACE, GRACE_AT, welcomeFor } from '@parley/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ClientBench } from './client-bench.ts';

let bench: ClientBench;
const view = () => callView({ status: 'connected', callType: 'audio' });
const relayed = () => bench.sent('relay').map(({ payload }) => payload);

beforeEach(async () => {
  bench = new ClientBench();
  await bench.signIn({ calls: [view()], address: '192.0.2.1' });
  await new FakeEngine(bench.room).connect(contextFor(GRACE.id));
  await bench.clock.advance(2_000);
  expect(bench.snapshot.active?.media).toBe('connected');
});
afterEach(() => bench.client.dispose());

/** The socket breaks, and the next one comes from `address`. */
async function comeBack(address?: string): Promise<void> {
  bench.socket.break();
  const before = bench.sockets.all.length;
  await bench.clock.until(() => bench.sockets.all.length > before, 'another connection');
  bench.socket.open();
  const more = { serverTime: bench.now(), calls: [view()], ...(address === undefined ? {} : { address }) };
  bench.socket.say(welcomeFor(ADA, ADA_AT, more));
  await bench.clock.advance(0);
}

describe('a hint that the network has changed', () => {
  it('of the platform mends the path of the media at once, and asks the socket for a sign of life', async () => {
    bench.network('other');
    expect(bench.engine?.networkChanges).toBe(1);
    expect(bench.sent('ping')).toHaveLength(1);
  });

  it('is a socket that comes back from another address', async () => {
    await comeBack('198.51.100.9');
    expect(bench.engine?.networkChanges).toBe(1);
  });

  it('is no socket that comes back from the same one, nor from one that nobody knows', async () => {
    await comeBack('192.0.2.1');
    await comeBack();
    expect(bench.engine?.networkChanges).toBe(0);
  });
});

describe('what was said to the other side', () => {
  const say = (payload: string) => bench.signallings[0]?.send(GRACE_AT.instanceId, 1, payload);

  it('just before the socket was lost is said again on the next one, in its order', async () => {
    say('a description');
    say('a candidate');
    await comeBack();
    expect(relayed()).toEqual(['a description', 'a candidate', 'a description', 'a candidate']);
  });

  it('long before has arrived', async () => {
    say('a description');
    await bench.clock.advance(10_000);
    await comeBack();
    expect(relayed()).toEqual(['a description']);
  });
});

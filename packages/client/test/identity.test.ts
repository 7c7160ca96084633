import { CountingIds, FakeLockManager, ManualClock, MemoryStore } from '@parley/testing';
import { beforeEach, expect, it } from 'vitest';
import { leaderOf } from '../src/ports/locks.ts';
import { loadIdentity } from '../src/session/identity.ts';

let clock: ManualClock;
let storage: MemoryStore;
let manager: FakeLockManager;
const ids = new CountingIds();

beforeEach(() => {
  clock = new ManualClock();
  storage = new MemoryStore();
  manager = new FakeLockManager(clock);
});

async function open(instanceStorage: MemoryStore) {
  const tab = manager.tab();
  const loading = loadIdentity({ storage, instanceStorage, locks: tab.locks, ids });
  await clock.advance(1_000);
  return { ...(await loading), close: tab.close };
}

it('keeps the device for all tabs, and gives each tab an instance of its own', async () => {
  const one = await open(new MemoryStore());
  const two = await open(new MemoryStore());
  expect(two.deviceId).toBe(one.deviceId);
  expect(two.instanceId).not.toBe(one.instanceId);
});

it('keeps the instance over a reload', async () => {
  const session = new MemoryStore();
  const before = await open(session);
  before.close();
  expect((await open(session)).instanceId).toBe(before.instanceId);
});

it('keeps the instance over a reload that lets go of its lock a moment late', async () => {
  const session = new MemoryStore();
  const before = await open(session);
  const loading = loadIdentity({ storage, instanceStorage: session, locks: manager.tab().locks, ids });
  await clock.advance(300);
  before.close();
  expect((await loading).instanceId).toBe(before.instanceId);
});

it('gives a duplicated tab a new instance, which it keeps', async () => {
  const session = new MemoryStore();
  const original = await open(session);
  const copied = session.copy();
  const duplicate = await open(copied);
  expect(duplicate.instanceId).not.toBe(original.instanceId);
  duplicate.close();
  expect((await open(copied)).instanceId).toBe(duplicate.instanceId);
});

it('makes a new device where what was kept is no id', async () => {
  await storage.set('parley.device', 'nonsense');
  expect((await open(new MemoryStore())).deviceId).toMatch(/^[0-9a-f-]{36}$/);
});

it('has one leader among the tabs, and another one when it goes', async () => {
  const tabs = [manager.tab(), manager.tab()];
  const leaders = tabs.map(({ locks }) => leaderOf(locks, 'ring-tone'));
  await clock.advance(0);
  expect(leaders.map(({ isLeader }) => isLeader)).toEqual([true, false]);
  tabs[0]?.close();
  await clock.advance(0);
  expect(leaders[1]?.isLeader).toBe(true);
});

import { describe, expect, it } from 'vitest';
import { type Look, RoomLanes } from '../../src/usecases/room-lanes.ts';

/** A media server that answers when the test says so. */
function open() {
  const begun: string[] = [];
  const pending: { what: string; settle(error?: Error): void }[] = [];
  let most = 0;
  const wait = (what: string) => {
    begun.push(what);
    return new Promise<void>((resolve, reject) => {
      pending.push({ what, settle: (error) => (error ? reject(error) : resolve()) });
      most = Math.max(most, pending.length);
    });
  };
  const failures: string[] = [];
  const lanes = new RoomLanes({
    // Everybody is put out.
    look: async (room, userId, { identities, mute }) => {
      await wait(`${room} ${userId}${mute ? ' mute' : ''}`);
      return [...identities];
    },
    close: (room) => wait(`${room} close`),
    failed: (room) => failures.push(room),
  });
  const settled = () => new Promise((resolve) => setImmediate(resolve));
  return {
    lanes,
    begun,
    failures,
    most: () => most,
    /** What is under way is answered. */
    async answer(error?: Error) {
      for (const { settle } of pending.splice(0)) settle(error);
      await settled();
    },
    /** All that waits, until nothing does. */
    async drain() {
      for (await settled(); pending.length > 0; await settled()) for (const { settle } of pending.splice(0)) settle();
    },
  };
}
const as = (identity: string, mute = false): Look => ({ identities: new Set([identity]), mute });

describe('the line of a room', () => {
  it('asks once for whoever is asked for often while the media server is slow', async () => {
    const { lanes, begun, answer, drain } = open();
    void lanes.look('r', 'ada', as('ada:1'));
    for (let i = 0; i < 1_000; i += 1) void lanes.look('r', 'ada', as('ada:1', i === 7));
    expect([begun, lanes.waiting]).toEqual([['r ada'], 1]);
    await answer();
    expect(begun).toEqual(['r ada', 'r ada mute']);
    await drain();
    expect(lanes.size).toBe(0);
  });

  it('says whom a look has put out to everybody who asked for it', async () => {
    const { lanes, drain } = open();
    const first = lanes.look('r', 'ada', as('ada:1'));
    const [second, third] = [lanes.look('r', 'ada', as('ada:2')), lanes.look('r', 'ada', as('ada:3'))];
    await drain();
    expect(await Promise.all([first, second, third])).toEqual([['ada:1'], ['ada:2', 'ada:3'], ['ada:2', 'ada:3']]);
  });

  it('has sixteen requests under way at most, and forgets the room once it is through', async () => {
    const { lanes, begun, most, drain } = open();
    for (let i = 0; i < 1_000; i += 1) void lanes.look('r', `p${i}`, as(`p${i}:1`));
    expect(lanes.waiting).toBeLessThanOrEqual(1_000);
    await drain();
    expect([begun.length, most(), lanes.size]).toEqual([1_000, 16, 0]);
  });

  it('closes a room after what is under way, and needs nothing else then', async () => {
    const { lanes, begun, answer, drain } = open();
    void lanes.look('r', 'ada', as('ada:1'));
    const waiting = lanes.look('r', 'grace', as('grace:1'));
    const closed = lanes.close('r');
    void lanes.close('r');
    expect(begun).toEqual(['r ada']);
    await answer();
    expect(begun).toEqual(['r ada', 'r close']);
    await drain();
    expect(await waiting).toEqual([]);
    await closed;
    expect(lanes.size).toBe(0);
  });

  it('holds up no other room', async () => {
    const { lanes, begun, drain } = open();
    void lanes.look('slow', 'ada', as('ada:1'));
    void lanes.look('other', 'grace', as('grace:1'));
    expect(begun).toEqual(['slow ada', 'other grace']);
    await drain();
  });

  it('tries again what failed, with all that it was for, when somebody says so', async () => {
    const { lanes, begun, failures, answer, drain } = open();
    const asked = lanes.look('r', 'ada', as('ada:1', true));
    await answer(new Error('away'));
    await expect(asked).rejects.toThrow('away');
    const closing = lanes.close('other');
    await answer(new Error('away'));
    await expect(closing).rejects.toThrow('away');
    expect([failures, lanes.size, begun.length]).toEqual([['r', 'other'], 2, 2]);
    const retried = lanes.retry();
    await drain();
    await retried;
    expect(begun.slice(2).toSorted()).toEqual(['other close', 'r ada mute']);
    expect(lanes.size).toBe(0);
  });

  it('owes for a bounded number of rooms', async () => {
    const { lanes, answer } = open();
    for (let i = 0; i < 6_000; i += 1) void lanes.look(`r${i}`, 'ada', as('ada:1')).catch(() => undefined);
    await answer(new Error('away'));
    expect(lanes.size).toBeLessThanOrEqual(5_000);
  });
});

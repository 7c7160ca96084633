import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openPlace, openTeam } from '../../bench/large/place.mjs';
import { measure } from '../../bench/large/signalling.mjs';

/** Small, and of a real server on real sockets: that the bench works, and that what a client is sent does not grow. */
describe('the bench of large calls', () => {
  const PEOPLE = 56;
  let place: Awaited<ReturnType<typeof openPlace>>;
  let few: Awaited<ReturnType<typeof measure>>;
  let many: Awaited<ReturnType<typeof measure>>;

  beforeAll(async () => {
    place = await openPlace({});
    const team = await openTeam(place, PEOPLE);
    few = await measure(place, team, 8, { changes: 4, leaves: 2, idleMs: 0 });
    many = await measure(place, team, PEOPLE, { changes: 4, leaves: 4, idleMs: 0 });
  });
  afterAll(() => place?.close());

  it('tells everybody of everything', () => {
    expect(few.mutes.messages).toBeGreaterThan(0);
    expect(many.mutes.messages).toBeGreaterThan(0);
  });

  it('P98 a change of a call of many is less for each client than one of a few', () => {
    expect(many.mutes.bytes).toBeLessThan(few.mutes.bytes);
    expect(many.departures.bytes).toBeLessThan(few.departures.bytes);
    expect(many.mutes.bytes).toBeLessThan(4_000);
  });
});

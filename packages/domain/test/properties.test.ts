import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { durationSeconds, END_WAYS, isLive, isSeated, OUTCOMES, replay, transition } from '../src/index.ts';
import { anySchedule, play } from './arbitrary.ts';

const RUNS = { numRuns: 2_000 };

test('C1 a final state stays as it is, whatever comes', () => {
  fc.assert(
    fc.property(anySchedule, (schedule) => {
      play(schedule, (before, _event, _now, after) => {
        if (!isLive(before)) expect(after).toBe(before);
      });
    }),
    RUNS,
  );
});

test('C3 the version rises by exactly one with each accepted event', () => {
  fc.assert(
    fc.property(anySchedule, (schedule) => {
      const { accepted } = play(schedule);
      expect(accepted.map((e) => e.seq)).toEqual(accepted.map((_, i) => i + 2));
    }),
    RUNS,
  );
});

test('C4 a refused or unchanged event leaves the very same call', () => {
  fc.assert(
    fc.property(anySchedule, (schedule) => {
      play(schedule, (before, event, now, after) => {
        const result = transition(before, event, now);
        if (result.kind !== 'accepted') expect(after).toBe(before);
      });
    }),
    RUNS,
  );
});

test('C5 time never runs backwards', () => {
  fc.assert(
    fc.property(anySchedule, (schedule) => {
      play(schedule, (before, _event, _now, after) => {
        expect(after.updatedAt).toBeGreaterThanOrEqual(before.updatedAt);
      });
    }),
    RUNS,
  );
});

test('C6 replaying the accepted events gives the call again', () => {
  fc.assert(
    fc.property(anySchedule, (schedule) => {
      const { first, accepted, states } = play(schedule);
      expect(replay(first, accepted)).toEqual(states.at(-1));
    }),
    RUNS,
  );
});

test('C6 a log with a gap or an event that does not fit is refused', () => {
  fc.assert(
    fc.property(
      anySchedule.filter((s) => play(s).accepted.length > 1),
      (schedule) => {
        const { first, accepted } = play(schedule);
        expect(() => replay(first, accepted.slice(1))).toThrow(/event/);
      },
    ),
  );
});

test('E7 nobody has joined who did not report media, and connected means two have', () => {
  fc.assert(
    fc.property(anySchedule, (schedule) => {
      const { accepted, states } = play(schedule);
      const last = states.at(-1);
      const reported = new Set(accepted.flatMap((e) => (e.event.type === 'media_connected' ? [e.event.actorId] : [])));
      for (const p of last?.participants ?? []) {
        const joinedAt = p.state === 'joined' || p.state === 'left' ? p.joinedAt : null;
        if (joinedAt !== null) expect(reported).toContain(p.userId);
      }
      if (last?.status === 'connected') expect(reported.size).toBe(2);
    }),
    RUNS,
  );
});

test('O10 every finished call stands for one row, and nobody sits in it', () => {
  fc.assert(
    fc.property(anySchedule, (schedule) => {
      const last = play(schedule).states.at(-1);
      if (!last || isLive(last)) return;
      const rows = END_WAYS.filter((w) => OUTCOMES[w].status === last.status && OUTCOMES[w].reason === last.endReason);
      expect(rows).toHaveLength(1);
      expect(last.participants.some(isSeated)).toBe(false);
      expect(last.participants.some((p) => p.state === 'ringing' || p.state === 'invited')).toBe(false);
    }),
    RUNS,
  );
});

test('O11 no duration is negative, and none is there without a connection', () => {
  fc.assert(
    fc.property(anySchedule, (schedule) => {
      for (const call of play(schedule).states) {
        const seconds = durationSeconds(call);
        if (seconds !== null) expect(seconds).toBeGreaterThanOrEqual(0);
        if (!isLive(call)) expect(seconds === null).toBe(call.connectedAt === null);
      }
    }),
    RUNS,
  );
});

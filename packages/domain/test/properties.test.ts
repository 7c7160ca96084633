import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  durationSeconds,
  END_WAYS,
  isGroupType,
  isLive,
  isSeated,
  MESH_SEATS,
  OUTCOMES,
  replay,
  ringDeadlineOf,
  transition,
} from '../src/index.ts';
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

test('E7 nobody has joined who did not report media, and a call of two is connected when both have', () => {
  fc.assert(
    fc.property(anySchedule, (schedule) => {
      const { accepted, states } = play(schedule);
      const last = states.at(-1);
      const reported = new Set(accepted.flatMap((e) => (e.event.type === 'media_connected' ? [e.event.actorId] : [])));
      for (const p of last?.participants ?? []) {
        const joinedAt = p.state === 'joined' || p.state === 'left' ? p.joinedAt : null;
        if (joinedAt !== null) expect(reported).toContain(p.userId);
      }
      if (last?.status === 'connected' && !isGroupType(last.callType)) expect(reported.size).toBe(2);
    }),
    RUNS,
  );
});

test('E14 what was set right in the media room is counted, and changes nothing of the call', () => {
  fc.assert(
    fc.property(anySchedule, (schedule) => {
      play(schedule, (before, event, _now, after) => {
        if (event.type !== 'media_reconciled' || !isLive(before)) return;
        expect(after).toEqual({ ...before, version: before.version + 1, updatedAt: after.updatedAt });
        // The store writes the people whose objects are others.
        after.participants.forEach((person, index) => {
          expect(person).toBe(before.participants[index]);
        });
      });
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

test('G1 a live call has somebody in it, and its host is a member who sits there', () => {
  fc.assert(
    fc.property(anySchedule, (schedule) => {
      for (const call of play(schedule).states) {
        if (!isLive(call)) continue;
        const seated = call.participants.filter(isSeated);
        expect(seated.length).toBeGreaterThan(0);
        const host = seated.find((p) => p.userId === call.hostId);
        if (call.hostId !== null) expect(host?.isGuest).toBe(false);
        else expect(seated.every((p) => p.isGuest)).toBe(true);
        if (seated.length > 2) expect(isGroupType(call.callType)).toBe(true);
      }
    }),
    RUNS,
  );
});

test('G2 a call rings until the latest of its rings, and rings for somebody while it does', () => {
  fc.assert(
    fc.property(anySchedule, (schedule) => {
      for (const call of play(schedule).states) {
        const rings = call.participants.flatMap((p) => (p.state === 'ringing' ? [p.ringUntil] : []));
        if (call.status !== 'ringing') continue;
        expect(call.ringExpiresAt).toBeGreaterThanOrEqual(Math.max(...rings));
        expect(ringDeadlineOf(call)).toBe(Math.min(...rings));
      }
    }),
    RUNS,
  );
});

test('G7 whoever was removed sits in the call no more, unless the host has asked them back', () => {
  fc.assert(
    fc.property(anySchedule, (schedule) => {
      play(schedule, (before, event, _now, after) => {
        for (const p of after.participants) {
          if (!before.participants.find(({ userId }) => userId === p.userId)?.barred || p.barred) continue;
          expect(['invited', 'admitted']).toContain(event.type);
          expect('actorId' in event && event.actorId).toBe(before.hostId);
        }
        for (const p of after.participants) if (p.barred) expect(isSeated(p)).toBe(false);
      });
    }),
    RUNS,
  );
});

test('G10 the epoch rises with the path and never falls, and what people report is no newer', () => {
  fc.assert(
    fc.property(anySchedule, (schedule) => {
      play(schedule, (before, _event, _now, after) => {
        expect(after.media.epoch - before.media.epoch).toBe(after.media.engine === before.media.engine ? 0 : 1);
        for (const p of after.participants) expect(p.mediaEpoch ?? 1).toBeLessThanOrEqual(after.media.epoch);
      });
    }),
    RUNS,
  );
});

test('G11 a mesh has four seats', () => {
  fc.assert(
    fc.property(anySchedule, (schedule) => {
      for (const call of play(schedule).states) {
        if (call.media.engine === 'p2p') {
          expect(call.participants.filter(isSeated).length).toBeLessThanOrEqual(MESH_SEATS);
        }
      }
    }),
    RUNS,
  );
});

import type { CallView } from '@parley/protocol';
import { describe, expect, it } from 'vitest';
import { LiveCalls } from '../../src/realtime/live-calls.ts';

const CALL = '00000000-0000-4000-8000-000000000001';
const seat = (who: string) => ({ userId: who, deviceId: `d-${who}`, instanceId: `i-${who}` });

function view(version: number, status: CallView['call']['status'], seats: CallView['seats']): CallView {
  return {
    call: {
      id: CALL,
      teamId: 't',
      channelId: null,
      callType: 'audio',
      status,
      endReason: null,
      initiatorId: 'ada',
      roomName: 'r',
      mediaEngine: 'p2p',
      mediaEpoch: 1,
      locked: false,
      createdAt: '2026-01-01T00:00:00.000Z',
      connectedAt: null,
      endedAt: null,
      durationSeconds: null,
      version,
      participants:
        status === 'ringing'
          ? [
              {
                userId: 'grace',
                displayName: '',
                state: 'ringing',
                joinedAt: null,
                leftAt: null,
                isMuted: false,
                videoEnabled: false,
                role: 'member',
                handRaisedAt: null,
                mediaEpoch: null,
                waiting: false,
                onHold: false,
              },
            ]
          : [],
    },
    ringExpiresAt: null,
    membershipEpoch: 1,
    seats,
  };
}

describe('LiveCalls', () => {
  it('P50 takes no older view, and lets no late one bring an ended call back', () => {
    const live = new LiveCalls();
    live.apply(view(2, 'connecting', [seat('ada'), seat('grace')]));
    live.apply(view(1, 'ringing', [seat('ada')]));
    expect(live.get(CALL)?.call.version).toBe(2);
    live.apply(view(3, 'ended', []));
    live.apply(view(2, 'connecting', [seat('ada'), seat('grace')]));
    expect(live.get(CALL)).toBeUndefined();
    expect(live.inCall('ada')).toBe(false);
    expect(live.size).toBe(0);
  });

  it('P30 says who gained or lost a seat', () => {
    const live = new LiveCalls();
    expect([...live.apply(view(1, 'ringing', [seat('ada')]))]).toEqual(['ada']);
    expect(live.inCall('ada')).toBe(true);
    live.apply(view(2, 'connecting', [seat('ada'), seat('grace')]));
    expect(live.inCall('grace')).toBe(true);
    expect(live.hasSeatIn(CALL, seat('grace'))).toBe(true);
    expect(live.holdsSeat({ userId: 'mallory', instanceId: 'i-grace' })).toBe(false);
  });

  it('P71 forgets who was ready once the call no longer rings', () => {
    const live = new LiveCalls();
    live.apply(view(1, 'ringing', [seat('ada')]));
    expect(live.markReady(CALL, seat('grace'))).toBe(true);
    expect(live.find(CALL, 'i-grace')?.role).toBe('ready');
    live.apply(view(2, 'connecting', [seat('ada'), seat('grace')]));
    expect(live.find(CALL, 'i-grace')?.role).toBe('seat');
    expect(live.readyIn(CALL)).toEqual([]);
    expect(live.markReady(CALL, seat('linus'))).toBe(false);
  });
});

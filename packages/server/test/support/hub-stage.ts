import type { Call, CallView, Hello } from '@parley/protocol';
import { onTestFinished } from 'vitest';
import { EdgeError } from '../../src/ports/edge-error.ts';
import type { Settings } from '../../src/ports/settings.ts';
import { createLocalFanout } from '../../src/realtime/fanout.ts';
import { createHub } from '../../src/realtime/hub.ts';
import { FakeCalls } from './fake-calls.ts';
import { ManualTimers } from './manual-timers.ts';
import { MemorySocket } from './memory-socket.ts';

export const id = (n: number): string => `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`;

export const ADA = id(1);
export const GRACE = id(2);
export const MALLORY = id(3);
export const TEAM = id(50);
export const CALL = id(60);
export const RING = id(70);
/** Device and instance of a person's n-th device. */
export const device = (user: string, n = 1): string => user.replace(/^0000000./, `d000000${n}`);
export const instance = (user: string, n = 1): string => user.replace(/^0000000./, `e000000${n}`);
export const seat = (user: string, n = 1) => ({
  userId: user,
  deviceId: device(user, n),
  instanceId: instance(user, n),
});

const SETTINGS: Settings = {
  ringTimeoutMs: 30_000,
  connectTimeoutMs: 60_000,
  heartbeatMs: 10_000,
  leaseMs: 30_000,
  publicUrl: 'http://localhost:3000',
  demo: false,
  rateLimits: true,
  stunUrls: [],
  turn: null,
};

export function viewOf(version: number, status: Call['status'], seats: CallView['seats']): CallView {
  const at = '2026-01-01T00:00:00.000Z';
  const participants = [ADA, GRACE].map((userId) => ({
    userId,
    displayName: '',
    state: seats.some((s) => s.userId === userId) ? ('connecting' as const) : ('ringing' as const),
    joinedAt: null,
    leftAt: null,
    isMuted: false,
    videoEnabled: false,
    role: userId === ADA ? ('host' as const) : ('member' as const),
    handRaisedAt: null,
    mediaEpoch: null,
    waiting: false,
    onHold: false,
  }));
  return {
    call: {
      id: CALL,
      teamId: TEAM,
      channelId: null,
      callType: 'audio',
      status,
      endReason: status === 'ended' ? 'hangup' : null,
      initiatorId: ADA,
      roomName: 'room',
      mediaEngine: 'p2p',
      mediaEpoch: 1,
      locked: false,
      createdAt: at,
      connectedAt: null,
      endedAt: status === 'ended' ? at : null,
      durationSeconds: null,
      version,
      participants,
    },
    ringExpiresAt: status === 'ringing' ? '2026-01-01T00:00:30.000Z' : null,
    membershipEpoch: 1,
    seats,
  };
}

/** A hub over scripted use cases: tokens are the user's id, with an expiry in milliseconds after a dot. */
export function stage(options: { readonly readable?: (userId: string, topicId: string) => boolean } = {}) {
  const timers = new ManualTimers();
  const calls = new FakeCalls();
  const fanout = createLocalFanout();
  const logged: string[] = [];
  const members = new Map<string, string[]>();
  const readable = options.readable ?? (() => true);
  const note = (_: object, message: string) => void logged.push(message);
  const hub = createHub({
    calls,
    fanout,
    timers,
    settings: SETTINGS,
    clock: { now: () => timers.now(), skewMs: () => 0 },
    log: { info: note, warn: note, error: note },
    verifier: {
      verify: async (token) => {
        const [userId = '', expires] = token.split('.');
        const expiresAt = expires === undefined ? timers.now() + 900_000 : Number(expires);
        if (!userId.startsWith('0')) throw new EdgeError('token_invalid');
        if (expiresAt <= timers.now()) throw new EdgeError('token_expired');
        return { userId, isAnonymous: false, expiresAt };
      },
    },
    db: {
      tx: () => Promise.reject(new Error('not here')),
      readAs: (claims, run) =>
        run({
          query: async <R extends object>(_: string, params?: readonly unknown[]) =>
            (readable(claims.sub, String(params?.[0])) ? [{ team_id: TEAM }] : []) as R[],
        }),
      once: async <R extends object>(_: string, params?: readonly unknown[]) =>
        (members.get(String(params?.[0])) ?? []).map((user_id) => ({ user_id })) as R[],
      close: async () => {},
    },
  });
  onTestFinished(() => hub.stop());

  const connect = (): MemorySocket => {
    const socket = new MemorySocket();
    return socket.attach(hub.connect(socket));
  };
  const hello = (user: string, n = 1, token = user): Hello => ({
    t: 'hello',
    v: 1,
    token,
    deviceId: device(user, n),
    instanceId: instance(user, n),
  });
  /** A socket that has been welcomed. */
  const join = async (user: string, n = 1, token = user): Promise<MemorySocket> => {
    const socket = connect();
    socket.say(hello(user, n, token));
    await socket.next('welcome');
    // The session is open one turn after the welcome went out.
    await Promise.resolve();
    return socket;
  };
  return { hub, timers, calls, fanout, logged, members, connect, hello, join };
}

import type { CallView, Ring, ServerMessage, User } from '@parley/protocol';
import { uuidOf } from './random.ts';

export const ADA: User = { id: uuidOf(0xa), displayName: 'Ada Lovelace' };
export const GRACE: User = { id: uuidOf(0xb), displayName: 'Grace Hopper' };
export const TEAM = { id: uuidOf(0xe), name: 'Acme' } as const;
export const EPOCH = Date.parse('2026-11-22T12:00:00.000Z');

/** Where somebody sits. */
export interface At {
  readonly deviceId: string;
  readonly instanceId: string;
}
export const ADA_AT: At = { deviceId: uuidOf(0xad), instanceId: uuidOf(0xa1) };
export const GRACE_AT: At = { deviceId: uuidOf(0xbd), instanceId: uuidOf(0xb1) };

export const iso = (offsetMs: number): string => new Date(EPOCH + offsetMs).toISOString();

type Status = CallView['call']['status'];

export interface ViewOptions {
  readonly id?: string;
  readonly status?: Status;
  readonly version?: number;
  readonly endReason?: CallView['call']['endReason'];
  readonly callType?: 'audio' | 'video';
  readonly caller?: User;
  readonly callee?: User;
  /** Seat of the caller and, once it has accepted, of the callee. */
  readonly callerAt?: At;
  readonly calleeAt?: At | null;
  readonly connectedAt?: string | null;
  readonly durationSeconds?: number | null;
  readonly muted?: boolean;
  readonly epoch?: number;
}

/** A view of a call of two: Ada calls Grace, if nothing else is said. */
export function callView(options: ViewOptions = {}): CallView {
  const {
    id = uuidOf(0xc1),
    status = 'ringing',
    callType = 'video',
    caller = ADA,
    callee = GRACE,
    callerAt = ADA_AT,
    epoch = 1,
  } = options;
  const live = status === 'ringing' || status === 'connecting' || status === 'connected';
  const answered = status === 'connecting' || status === 'connected';
  const calleeAt = options.calleeAt === undefined ? (answered ? GRACE_AT : null) : options.calleeAt;
  const person = (user: User, state: CallView['call']['participants'][number]['state']) => ({
    userId: user.id,
    displayName: user.displayName,
    state,
    joinedAt: state === 'joined' ? iso(2_000) : null,
    leftAt: state === 'left' ? iso(60_000) : null,
    isMuted: options.muted ?? false,
    videoEnabled: callType === 'video',
    role: user.id === caller.id ? ('host' as const) : ('member' as const),
    handRaisedAt: null,
    mediaEpoch: state === 'joined' ? epoch : null,
    waiting: false,
    onHold: false,
  });
  const callerState = live ? (status === 'connected' ? 'joined' : 'connecting') : 'left';
  const calleeState = {
    ringing: 'ringing',
    connecting: 'connecting',
    connected: 'joined',
    ended: 'left',
    missed: 'missed',
    rejected: options.endReason === 'busy' ? 'busy' : 'declined',
  } as const;
  return {
    call: {
      id,
      teamId: TEAM.id,
      channelId: null,
      callType,
      status,
      endReason: live ? null : (options.endReason ?? 'hangup'),
      initiatorId: caller.id,
      roomName: `call-${id}`,
      mediaEngine: 'p2p',
      mediaEpoch: epoch,
      locked: false,
      createdAt: iso(0),
      connectedAt: options.connectedAt ?? (status === 'connected' ? iso(2_000) : null),
      endedAt: live ? null : iso(60_000),
      durationSeconds: options.durationSeconds ?? null,
      version: options.version ?? { ringing: 1, connecting: 2, connected: 4, ended: 5, missed: 2, rejected: 2 }[status],
      participants: [person(caller, callerState), person(callee, calleeState[status])],
    },
    ringExpiresAt: status === 'ringing' ? iso(30_000) : null,
    membershipEpoch: answered ? 2 : 1,
    seats: live ? [{ userId: caller.id, ...callerAt }, ...(calleeAt ? [{ userId: callee.id, ...calleeAt }] : [])] : [],
  };
}

export function ringOf(view: CallView, caller: User = ADA): Ring {
  return {
    callId: view.call.id,
    ringId: uuidOf(0xf1),
    callType: view.call.callType,
    caller,
    team: { ...TEAM },
    expiresAt: view.ringExpiresAt ?? iso(30_000),
  };
}

type Welcome = Extract<ServerMessage, { t: 'welcome' }>;

export function welcomeFor(user: User, at: At, more: Partial<Welcome> = {}): Welcome {
  return {
    t: 'welcome',
    v: 1,
    user,
    instanceId: at.instanceId,
    serverTime: iso(0),
    heartbeatMs: 10_000,
    leaseMs: 30_000,
    calls: [],
    ended: [],
    rings: [],
    inbox: { seq: 0, items: [] },
    doNotDisturbUntil: null,
    ...more,
  };
}

import type { CallRecord, ParticipantRecord } from '@parley/server/src/store/call-record.ts';
import type { EventRow } from '@parley/server/src/store/events.ts';
import type { NotificationRow } from '@parley/server/src/store/notifications.ts';

export interface CallRow extends Omit<CallRecord, 'participants'> {
  readonly pairLow: string | null;
  readonly pairHigh: string | null;
  readonly durationSeconds: number | null;
}

export interface ParticipantRow extends Omit<ParticipantRecord, 'displayName' | 'leaseExpiresAt'> {
  readonly callId: string;
  readonly position: number;
}

export interface DeviceRow {
  readonly userId: string;
  readonly id: string;
  readonly lastSeenAt: number;
}

export interface InstanceRow {
  readonly userId: string;
  readonly id: string;
  readonly deviceId: string;
  readonly leaseExpiresAt: number;
}

export interface RingOfDevice {
  readonly ringId: string;
  readonly callId: string;
  readonly userId: string;
  readonly deviceId: string;
  readonly createdAt: number;
  readonly expiresAt: number;
  readonly callerId: string | null;
  readonly readyAt: number | null;
  /** Of the media token with which this device joins ahead. */
  readonly tokenExpiresAt?: number;
}

export interface KeyRow {
  readonly userId: string;
  readonly key: string;
  readonly command: string;
  readonly bodyHash: string;
  readonly callId: string;
}

/** Rows by their keys. A row is never changed, only replaced. */
export class Table<T> {
  readonly name: string;
  readonly rows = new Map<string, T>();

  constructor(name: string) {
    this.name = name;
  }
}

/** What is committed. */
export class Tables {
  readonly calls = new Table<CallRow>('call_sessions');
  /** By call and person. */
  readonly participants = new Table<ParticipantRow>('call_participants');
  /** By call; a log only grows. */
  readonly events = new Table<readonly EventRow[]>('call_events');
  readonly devices = new Table<DeviceRow>('devices');
  readonly instances = new Table<InstanceRow>('device_instances');
  /** By call, person and device. */
  readonly rings = new Table<RingOfDevice>('call_rings');
  readonly slots = new Table<{ readonly inboxSeq: number }>('call_slots');
  readonly notifications = new Table<NotificationRow>('call_notifications');
  /** By person and key. */
  readonly keys = new Table<KeyRow>('idempotency_keys');
  readonly heartbeat = new Table<{ readonly at: number }>('server_heartbeat');
  /** By person; who has chosen nothing has no row. */
  readonly preferences = new Table<{ readonly hideAddress: string }>('call_preferences');
  readonly people = new Table<{ readonly displayName: string }>('profiles');
  readonly teams = new Table<{ readonly name: string }>('teams');
  /** By team and person. */
  readonly members = new Table<{ readonly teamId: string; readonly userId: string }>('team_members');
  readonly channels = new Table<{ readonly teamId: string }>('channels');
}

export const keyOf = (...parts: readonly string[]): string => parts.join('/');

import type { Notification } from '@parley/protocol';
import type { CallSummary, Notice } from '../model.ts';
import type { CallsState } from './state.ts';

/** A ring is hidden this many milliseconds after its expiry at the latest, whether or not the server was heard. */
export const RING_GRACE_MS = 3_000;
const MOST_SUMMARIES = 20;
const MOST_NOTICES = 5;
const MOST_INBOX = 200;

export const notice = (kind: Notice['kind'], about: string, code: string | null = null): Notice => ({
  id: `${kind}:${about}`,
  kind,
  code,
});

export function withNotice(state: CallsState, added: Notice | null): CallsState {
  if (!added) return state;
  const others = state.notices.filter(({ id }) => id !== added.id);
  return { ...state, notices: [...others, added].slice(-MOST_NOTICES) };
}

/** Newest first; the summary of the same call is replaced where it stands. */
export function withSummary(state: CallsState, summary: CallSummary): CallsState {
  const shown = state.summaries.some(({ callId }) => callId === summary.callId);
  const summaries = shown
    ? state.summaries.map((old) => (old.callId === summary.callId ? summary : old))
    : [summary, ...state.summaries].slice(0, MOST_SUMMARIES);
  return { ...state, summaries };
}

export function without<T>(set: ReadonlySet<T>, value: T): ReadonlySet<T> {
  if (!set.has(value)) return set;
  const rest = new Set(set);
  rest.delete(value);
  return rest;
}

/** What was read stays read: the server may not have heard of it yet. */
export function keepInbox(state: CallsState, items: readonly Notification[], seq: number): CallsState {
  const inbox = new Map(state.inbox);
  for (const item of items) inbox.set(item.id, { ...item, readAt: item.readAt ?? inbox.get(item.id)?.readAt ?? null });
  const newest = [...inbox.values()].sort((a, b) => b.seq - a.seq).slice(0, MOST_INBOX);
  return {
    ...state,
    inbox: new Map(newest.map((item) => [item.id, item])),
    inboxSeq: Math.max(state.inboxSeq, seq),
  };
}

export const unreadOf = (state: CallsState): readonly Notification[] =>
  [...state.inbox.values()].filter(({ readAt }) => readAt === null);

/**
 * The number after which the server is to tell again what is in the inbox. What is unread here is asked for once more: it may
 * have been read on another device meanwhile.
 */
export const inboxToResume = (state: CallsState): number =>
  Math.min(state.inboxSeq, ...unreadOf(state).map(({ seq }) => seq - 1));

import type { ActiveCall, CallSummary, ClientSnapshot, PersonInCall } from '@parley/client';
import { isGroupType, qualityOf, type UserId } from '@parley/domain';
import type { CallMetrics } from '@parley/protocol';
import {
  type ActiveCallSnapshot,
  type CallSummarySnapshot,
  type IncomingCallItem,
  kindOf,
  type Person,
  type PersonOnStage,
  type PlacingCallSnapshot,
  type SelfOnStage,
  type Silence,
} from '../screens/snapshots';
import { firstName, listOf } from '../words/format';
import { t } from '../words/words';
import { groupName, type NamedChannel } from './callTitle';

/** From the client's snapshots to what screens draw. Pure. */

export const incomingItems = (
  incoming: ClientSnapshot['incoming'],
  silent: Silence | null,
  channels: readonly NamedChannel[] = [],
): readonly IncomingCallItem[] =>
  incoming.map(({ ring, answering, call, waiting }) => {
    const { callType, caller, team } = ring;
    const others = call?.participants.filter(({ state }) => state === 'connecting' || state === 'joined') ?? [];
    const group = call === null ? null : groupName(callType, call.channelId, others, channels);
    return {
      id: ring.callId,
      kind: kindOf(callType),
      caller,
      team: team.name,
      ...(group === null ? {} : { group }),
      answering,
      silent,
      ...(waiting === null ? {} : { waiting }),
    };
  });

/** The path of the media is broken. */
export const isBroken = ({ media }: ActiveCall): boolean => media === 'reconnecting' || media === 'failed';

/** What is known beside the call itself. */
export interface Surroundings {
  readonly connection: ClientSnapshot['connection'];
  /** Of those in the call, who has no socket anywhere. */
  readonly gone: readonly UserId[];
  /** For so long without the server that it is worth a word. */
  readonly serverAway: boolean;
  /** The media flows again since a moment ago. */
  readonly restored: boolean;
}

/**
 * Whose connection is it? A path that breaks looks the same from both its ends. It is theirs where the server, which still
 * hears this side, hears them no more.
 */
const isLost = (person: PersonInCall, { connection, gone }: Surroundings): boolean =>
  person.away && connection === 'online' && gone.includes(person.userId);

/** @param dataSaver no pictures come of anybody */
export const onStage = (person: PersonInCall, around: Surroundings, dataSaver: boolean): PersonOnStage => ({
  id: person.userId,
  displayName: person.displayName,
  stream: person.stream,
  isMuted: person.isMuted,
  videoEnabled: person.videoEnabled && !dataSaver,
  away: isLost(person, around),
  screen: person.screen,
  onHold: person.onHold,
});

export const selfOnStage = ({ self, permissionProblems, canShare }: ActiveCall): SelfOnStage => ({
  id: self.userId,
  displayName: self.displayName,
  stream: self.stream,
  isMuted: self.isMuted,
  videoEnabled: self.videoEnabled,
  mirrored: self.mirrored,
  screen: self.screen,
  canShare,
  microphone: permissionProblems.find(({ source }) => source === 'microphone')?.problem ?? null,
  camera: permissionProblems.find(({ source }) => source === 'camera')?.problem ?? null,
});

/** `quiet`: the other one is not to be disturbed; `away`: they have no app open. */
export function placingSnapshot(
  call: ActiveCall,
  phase: 'ringing' | 'connecting',
  quiet: boolean,
  away: boolean,
  { connection }: Surroundings,
): PlacingCallSnapshot {
  const other = call.people[0];
  return {
    kind: kindOf(call.callType),
    phase,
    onAnotherCall: call.onAnotherCall,
    away,
    offline: connection !== 'online' && (call.callId === null || phase === 'connecting'),
    with: { id: other?.userId ?? '', displayName: other?.displayName ?? '', quiet },
    self: selfOnStage(call),
  };
}

/** @param soFar what has been measured of it until now */
export function activeSnapshot(call: ActiveCall, around: Surroundings, soFar: CallMetrics | null): ActiveCallSnapshot {
  const others = call.people.map((person) => onStage(person, around, call.dataSaver));
  return {
    kind: kindOf(call.callType),
    title: call.people.map(({ displayName }) => displayName).join(', '),
    others,
    self: selfOnStage(call),
    connectedAt: call.connectedAt,
    reconnecting: isBroken(call) && !others.every(({ away }) => away),
    protection: protectionOf(call),
    quality: call.quality,
    videoHeld: call.videoHeld,
    dataSaver: call.dataSaver,
    stats: call.stats,
    soFar,
    notices: noticesOf(call, around),
  };
}

/** Not before keys have been exchanged: after a reload the call is connected, and this page's path is not yet. */
export const protectionOf = ({ media, protection }: ActiveCall): ActiveCall['protection'] =>
  media === 'connected' || media === 'reconnecting' ? protection : null;

export function noticesOf(call: ActiveCall, around: Surroundings): ActiveCallSnapshot['notices'] {
  const notices: { id: string; text: string }[] = call.permissionProblems.map(({ source }) => ({
    id: source,
    text: t(source === 'microphone' ? 'permission.shortMicrophone' : 'permission.shortCamera'),
  }));
  // A group shows those who are rung among its people.
  if (!isGroupType(call.callType) && call.ringing.length > 0) {
    const names = listOf(call.ringing.map(({ displayName }) => firstName(displayName)));
    notices.push({ id: 'ringing', text: t('call.ringingThem', { names }) });
  }
  // A group's header says so.
  if (!isGroupType(call.callType) && call.self.screen !== null)
    notices.push({ id: 'sharing', text: t('group.youShare') });
  const holders = call.people.filter(({ onHold }) => onHold).map(({ displayName }) => firstName(displayName));
  if (holders.length > 0) {
    notices.push({ id: 'hold', text: t('call.heldBy', { names: listOf(holders), count: holders.length }) });
  }
  if (around.restored) notices.push({ id: 'restored', text: t('call.restored') });
  if (around.serverAway && call.media === 'connected') notices.push({ id: 'offline', text: t('call.serverAway') });
  return notices;
}

/** The whole call in a word, by its means. */
const qualityOfAll = ({ roundTripMs, jitterMs, packetLossPercent, sentLossPercent }: CallMetrics) =>
  qualityOf({
    roundTripMs: roundTripMs ?? null,
    jitterMs: jitterMs ?? null,
    packetLossPercent: packetLossPercent ?? null,
    sentLossPercent: sentLossPercent ?? null,
    availableKbps: null,
  });

/**
 * @param me oneself
 * @param figures what this device has measured of it
 * @param opinion asked only of somebody who was in it on this device a moment ago
 * @param group what it is called; null of a call of two
 */
export function summarySnapshot(
  summary: CallSummary,
  me: Person,
  figures: CallMetrics | null,
  opinion: CallSummarySnapshot['opinion'],
  group: string | null,
): CallSummarySnapshot {
  const other = summary.people[0];
  const spoke = summary.durationSeconds !== null;
  // Whoever has talked had a connection.
  const problem = spoke && summary.endReason === 'media_failed' ? 'dropped' : summary.endReason;
  return {
    kind: kindOf(summary.callType),
    heading: summary.heading,
    with: { id: other?.id ?? '', displayName: other?.displayName ?? '' },
    ...(group === null ? {} : { group }),
    participants: [me, ...summary.people]
      .filter(({ id }) => !summary.absent.includes(id))
      .map(({ displayName }) => displayName),
    durationSeconds: summary.durationSeconds,
    ...(figures === null || summary.durationSeconds === null
      ? {}
      : { figures, quality: qualityOfAll(figures), opinion: opinion ?? null }),
    ...(summary.endReason === 'cancelled' && summary.heading === 'call_ended' ? { cancelled: true } : {}),
    ...((problem === 'dropped' || problem === 'media_failed') && summary.heading === 'call_ended' ? { problem } : {}),
  };
}

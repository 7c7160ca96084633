import type { ActiveCall, PersonInCall } from '@parley/client';
import type { CallMessage } from '@parley/protocol';
import type { GroupCallSnapshot, PersonInGroup, SelfInGroup } from '../screens/group/snapshots';
import { kindOf, type MessageItem } from '../screens/snapshots';
import { isBroken, noticesOf, onStage, protectionOf, type Surroundings, selfOnStage } from './stage';

/** From the client's snapshot of a group call to what its screen draws. Pure. */

interface GroupSurroundings extends Surroundings {
  readonly title: string;
  /** Words in the chat of the call that have not been looked at. */
  readonly unread: number;
}

export function groupSnapshot(call: ActiveCall, around: GroupSurroundings): GroupCallSnapshot {
  const hands = handsOf(call);
  const person = (one: PersonInCall): PersonInGroup => ({
    ...onStage(one, around, call.dataSaver),
    screen: one.screen,
    speaking: one.speaking && !one.isMuted,
    hand: hands.get(one.userId) ?? null,
    isHost: one.role === 'host',
    isGuest: one.role === 'guest',
  });
  const others = call.people.map(person);
  const speaking = new Set(others.flatMap(({ id, speaking }) => (speaking === true ? [id] : [])));
  const self: SelfInGroup = {
    ...selfOnStage(call),
    screen: call.self.screen,
    hand: hands.get(call.self.userId) ?? null,
    isHost: call.self.role === 'host',
    canShare: call.canShare,
  };
  return {
    kind: kindOf(call.callType),
    title: around.title,
    connectedAt: call.connectedAt,
    reconnecting: isBroken(call) && (others.length === 0 || !others.every(({ away }) => away)),
    protection: protectionOf(call),
    quality: call.quality,
    videoHeld: call.videoHeld,
    notices: noticesOf(call, around),
    count: call.view?.call.counts?.seated ?? others.length + 1,
    others,
    self,
    speakers: call.speakers.filter((userId) => speaking.has(userId)),
    ringing: call.ringing,
    locked: call.locked,
    dataSaver: call.dataSaver,
    knocks: call.knocks.map(({ id, displayName }) => ({ id, name: displayName })),
    messages: call.words.map(messageOf),
    unread: around.unread,
    reactions: call.reactions,
  };
}

/** The place of each raised hand in the queue, from 1. */
function handsOf({ people, self }: ActiveCall): ReadonlyMap<string, number> {
  const raised = [...people, self].flatMap(({ userId, handRaisedAt }) =>
    handRaisedAt === null ? [] : [{ userId, handRaisedAt }],
  );
  raised.sort((a, b) => a.handRaisedAt - b.handRaisedAt);
  return new Map(raised.map(({ userId }, index) => [userId, index + 1]));
}

const messageOf = ({ id, author, content, createdAt }: CallMessage): MessageItem => ({
  id,
  author,
  text: content,
  at: Date.parse(createdAt),
});

import { isGroupType, isLiveStatus, type ParticipantStateName } from '@parley/domain';
import type { CallEventRecord, CallView } from '@parley/protocol';
import { CLOSE, type ServerMessage } from '@parley/protocol';
import { isBig, viewFor } from '../store/big-call.ts';
import { BOUNDS } from './bounds.ts';
import { CallBatches } from './call-batches.ts';
import { type CallDelta, CallDeltas } from './call-deltas.ts';
import { ChannelNews } from './channel-news.ts';
import type { HubContext } from './context.ts';
import { edgeErrorOf } from './errors.ts';
import type { FanoutListener } from './fanout.ts';
import { relayed, relayedBack } from './relay.ts';
import type { Session } from './session.ts';
import { recheckTeam } from './topics.ts';

type Message<T extends ServerMessage['t']> = Extract<ServerMessage, { t: T }>;

const TAKES_PART: ReadonlySet<ParticipantStateName> = new Set(['invited', 'ringing', 'connecting', 'joined']);

/** Brings what was published to the sockets of this process. One `JSON.stringify` for each event, however many listen. */
export function createDelivery(context: HubContext): FanoutListener {
  const { registry } = context;
  const channels = new ChannelNews();
  const batches = new CallBatches(context.deps.timers, ({ view, events, guests }) =>
    tellCall(context, channels, view, events, guests),
  );
  const deltas = new CallDeltas(context.deps.timers, (delta) => tellDelta(context, channels, delta));
  return (message, from) => {
    switch (message.t) {
      case 'call': {
        const { view, events } = message;
        // Between nodes one message may overtake another: a channel would show a call that is over.
        if (isLiveStatus(view.call.status) && context.live.isOver(view.call.id)) return;
        const guests = new Set(guestsOf(context, view));
        noteCall(context, view);
        const { id, participants, status } = view.call;
        if (participants.length < BOUNDS.severalInCall) return tellCall(context, channels, view, events, guests);
        const big = isBig(view.call);
        if (!big) batches.add(view, events, guests);
        // With its last change, or when it becomes a call of many: in the order in which it happened.
        if (big || !isLiveStatus(status)) batches.flush(id);
        if (big) deltas.add(view, events, guests);
        return;
      }
      case 'ring':
        return sendAll(
          [...registry.ofUser(message.userId)].filter((session) => session.deviceId === message.deviceId),
          { t: 'ring', ring: message.ring },
        );
      case 'ready':
        return deliverReady(context, message.callId, message.from);
      case 'reaction':
        return sendAll(seated(context, message.callId), { ...message });
      case 'inbox':
        return sendAll(registry.ofUser(message.userId), { t: 'inbox', item: message.item });
      case 'message':
        return sendAll(registry.ofTopic(`channel:${message.message.channelId}`), {
          t: 'message',
          message: message.message,
        });
      case 'knocks':
        return sendAll(seated(context, message.callId, 'members'), { ...message, knocks: [...message.knocks] });
      case 'knock': {
        const { userId, ...told } = message;
        return sendAll(registry.ofUser(userId), told);
      }
      case 'call_message':
        return sendAll(seated(context, message.message.callId), { ...message });
      case 'team':
        sendAll(registry.ofTopic(`team:${message.teamId}`), {
          t: 'team',
          teamId: message.teamId,
          changed: message.changed,
        });
        if (message.changed === 'members') {
          recheckTeam(context, message.teamId).catch((error: unknown) => edgeErrorOf(error, context.deps.log));
        }
        return;
      case 'person':
        return sendAll(registry.ofTopic(`team:${message.teamId}`), {
          t: 'person',
          teamId: message.teamId,
          person: message.person,
        });
      case 'relay':
        return from === null ? undefined : relayed(context, message, from);
      case 'relay_back':
        return relayedBack(context, message.callId, message.to);
      case 'disconnect':
        for (const session of [...registry.ofUser(message.userId)]) {
          if (message.sessionId !== null && session.principal.sessionId !== message.sessionId) continue;
          session.connection.close(CLOSE.unauthenticated, message.reason);
        }
        return;
      default:
      // Of the nodes among themselves, or of a version to come.
    }
  };
}

function tellCall(
  context: HubContext,
  channels: ChannelNews,
  view: CallView,
  events: readonly CallEventRecord[],
  guests: ReadonlySet<Session>,
): void {
  tellChannel(context, channels, view);
  sendAll(new Set([...listeners(context, view), ...guests]), { t: 'call', view, events: [...events] });
}

/** Of a call of many: what has changed, written once, and to each of those it is about what it says of them. */
function tellDelta(context: HubContext, channels: ChannelNews, delta: CallDelta): void {
  const { view, from, events, people, seats, gone, counts, own, guests } = delta;
  tellChannel(context, channels, view);
  const sessions = new Set([...listeners(context, view), ...guests]);
  if (from === null) {
    // The first that is heard of it as one of many.
    for (const { connection, user } of sessions) {
      connection.send({ t: 'call', view: viewFor(view, user.id), events: [...events] });
    }
    return;
  }
  const call = { ...view.call, participants: [...people], counts };
  const shared: Message<'call_delta'> = {
    t: 'call_delta',
    from,
    view: { ...view, call, seats: [...seats] },
    gone: [...gone],
  };
  const text = JSON.stringify(shared);
  for (const { connection, user } of sessions) {
    const theirs = own.get(user.id);
    connection.sendText(theirs === undefined ? text : `${text.slice(0, -1)},"own":${JSON.stringify(theirs)}}`);
  }
}

/** Keeps the view for the relay, and lets presence know who sits in a call. */
export function noteCall({ live, presence }: Pick<HubContext, 'live' | 'presence'>, view: CallView): void {
  const { participants, endedAt } = view.call;
  // A node that began in mid-call may hear of it only by its end, and knows from the other nodes who was in it.
  const until = live.get(view.call.id) || endedAt === null ? [] : participants.filter((p) => p.leftAt === endedAt);
  const touched = [...live.apply(view), ...until.map(({ userId }) => userId)];
  for (const userId of touched) presence.setState(userId, live.inCall(userId) ? 'in_call' : 'online');
}

/**
 * Participants hear of their calls without asking; others by topic. A group's call is the team's: whoever has left both is
 * still in its list of people, and hears nothing more.
 */
function listeners({ registry, presence }: HubContext, { call }: CallView): ReadonlySet<Session> {
  const sessions = new Set(registry.ofTopic(`call:${call.id}`));
  for (const { userId, state } of call.participants) {
    const hears = !isGroupType(call.callType) || TAKES_PART.has(state) || presence.isIn(userId, call.teamId);
    if (hears) for (const session of registry.ofUser(userId)) sessions.add(session);
  }
  return sessions;
}

/** Whoever reads in the channel of a group sees that it runs, and who is there. */
function tellChannel({ registry }: HubContext, channels: ChannelNews, view: CallView): void {
  const news = channels.of(view);
  if (news) sendAll(registry.ofTopic(`channel:${news.channelId}`), { t: 'channel_call', ...news });
}

/** Sockets of the seats of a call; guests do not hear of what is for members. */
function* seated({ live, registry }: HubContext, callId: string, whose: 'all' | 'members' = 'all'): Iterable<Session> {
  const view = live.get(callId);
  for (const seat of view?.seats ?? []) {
    const isGuest = view?.call.participants.find(({ userId }) => userId === seat.userId)?.role === 'guest';
    if (isGuest && whose === 'members') continue;
    const session = registry.instance(seat);
    if (session) yield session;
  }
}

/** Guests hear how it ended for them: they are in no team whose calls they could hear of afterwards. */
function* guestsOf({ live, registry }: HubContext, { call }: CallView): Iterable<Session> {
  for (const { userId, role, state } of live.get(call.id)?.call.participants ?? []) {
    if (role === 'guest' && TAKES_PART.has(state)) yield* registry.ofUser(userId);
  }
}

function deliverReady(
  { live, registry }: HubContext,
  callId: string,
  from: { readonly userId: string; readonly deviceId: string; readonly instanceId: string },
): void {
  if (!live.markReady(callId, from)) return;
  const view = live.get(callId);
  const seat = view?.seats.find((s) => s.userId === view.call.initiatorId);
  if (seat) registry.instance(seat)?.connection.send({ t: 'ready', callId, from: { ...from } });
}

function sendAll(sessions: Iterable<Session>, message: ServerMessage): void {
  let text: string | null = null;
  // Copied: a slow consumer is closed, and leaves the set, while it is being walked.
  for (const session of [...sessions]) {
    text ??= JSON.stringify(message);
    session.connection.sendText(text);
  }
}

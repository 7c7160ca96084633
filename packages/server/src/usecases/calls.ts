import { isLive } from '@parley/domain';
import { EdgeError } from '../ports/edge-error.ts';
import { callView } from '../store/call-view.ts';
import { findCall } from '../store/calls.ts';
import { tidyGuests } from '../store/guests.ts';
import { tidy } from '../store/housekeeping.ts';
import { markRingReady } from '../store/rings.ts';
import { attune } from './attune.ts';
import { command } from './command.ts';
import { type CallContext, single } from './context.ts';
import { createCall } from './create-call.ts';
import { Doubts } from './doubts.ts';
import { KnownCalls } from './known-calls.ts';
import { leaveTeamCalls } from './leave-team-calls.ts';
import { createLife } from './life.ts';
import { Lines } from './lines.ts';
import { measure } from './measure.ts';
import { mediaToken } from './media-token.ts';
import { channelCall, getCall, listCalls, listEvents, listNotifications, listParticipants, markRead } from './reads.ts';
import { settleBatch, settleCalls } from './settle.ts';
import type { CallDeps, CallUseCases } from './types.ts';
import { createWelcome } from './welcome.ts';

/** Rows of a kind that one clearing takes away at most: nobody waits long for its locks. */
const TIDY_ROWS = 1_000;

export function createCallUseCases(deps: CallDeps): CallUseCases {
  const life = createLife(deps);
  const context: CallContext = {
    ...deps,
    doubts: new Doubts(),
    known: new KnownCalls(deps.clock.now),
    lines: new Lines(),
    ensureBeat: life.ensureBeat,
    settle: async (callIds) => {
      await life.ensureBeat();
      return callIds ? settleCalls(deps, callIds) : settleBatch(deps);
    },
  };
  return {
    create: (actor, key, body, within) => createCall(context, actor, key, body, within),
    command: (actor, key, callId, order) => command(context, actor, key, callId, order),
    get: (actor, callId) => getCall(context, actor, callId),
    channelCall: (actor, channelId) => channelCall(context, actor, channelId),
    list: (actor, wanted) => listCalls(context, actor, wanted),
    participants: (actor, callId, wanted) => listParticipants(context, actor, callId, wanted),
    events: (actor, callId, after) => listEvents(context, actor, callId, after),
    mediaToken: (actor, callId) => mediaToken(context, actor, callId),
    measure: (actor, callId, metrics) => measure(context, actor, callId, metrics),
    notifications: (actor, cursor) => listNotifications(context, actor, cursor),
    markRead: (actor, ids) => markRead(context, actor, ids),
    touch: life.touch,
    seen: life.seen,
    renewLeases: life.renewLeases,
    welcome: createWelcome(context),
    ready: async ({ userId, deviceId, instanceId }, callId, ringId) => {
      if (deviceId === null || instanceId === null) throw new EdgeError('ring_unknown');
      const skewMs = deps.clock.skewMs();
      const known = await markRingReady(single(deps), { callId, ringId, userId, deviceId, instanceId, skewMs });
      if (!known) throw new EdgeError('ring_unknown');
    },
    leaveTeamCalls: (sql, teamId, userId) => leaveTeamCalls(deps, sql, teamId, userId),
    liveView: async (callId) => {
      const stored = await findCall(single(deps), callId);
      return stored && isLive(stored.call) ? callView(stored) : null;
    },
    beat: life.beat,
    tidy: async () =>
      (await tidy(single(deps), TIDY_ROWS, deps.clock.skewMs())) +
      (await tidyGuests(single(deps), TIDY_ROWS, deps.clock.skewMs())),
    settle: context.settle,
    attune: async (userIds) => {
      await life.ensureBeat();
      return attune(deps, userIds);
    },
  };
}

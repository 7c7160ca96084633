import { CLOSE, type Hello, PROTOCOL_VERSION } from '@parley/protocol';
import type { Principal } from '../ports/auth.ts';
import { EdgeError } from '../ports/edge-error.ts';
import { viewFor } from '../store/big-call.ts';
import { BOUNDS } from './bounds.ts';
import type { Connection } from './connection.ts';
import type { HubContext } from './context.ts';
import { noteCall } from './delivery.ts';
import { edgeErrorOf } from './errors.ts';
import type { Session } from './session.ts';
import { recheckTeam } from './topics.ts';

/**
 * Answers a hello: from the registration on nothing that is published is missed, and the welcome goes out first.
 * False when the socket was closed instead.
 */
export async function greet(
  context: HubContext,
  connection: Connection,
  hello: Hello,
  registered: (session: Session) => void,
): Promise<boolean> {
  try {
    const { verifier } = context.deps;
    // The database says with the welcome whether they are still there.
    const principal = await (verifier.signed ? verifier.signed(hello.token) : verifier.verify(hello.token));
    const giveBack = await context.welcomes.take();
    try {
      // Whoever has given up meanwhile costs nothing.
      return connection.open && (await welcome(context, connection, { hello, principal, registered }));
    } finally {
      giveBack();
    }
  } catch (error) {
    const edge = edgeErrorOf(error, context.deps.log);
    connection.error(null, edge);
    if (edge.status === 401) connection.close(CLOSE.unauthenticated, edge.code);
    else if (edge.code === 'rate_limited') connection.close(CLOSE.flood, edge.code);
    else connection.close(CLOSE.goingAway, edge.code);
    return false;
  }
}

async function welcome(
  context: HubContext,
  connection: Connection,
  who: {
    readonly hello: Hello;
    readonly principal: Principal;
    readonly registered: (session: Session) => void;
  },
): Promise<boolean> {
  const { deps, registry, live, presence, access } = context;
  const { hello, principal, registered } = who;
  const { userId, isAnonymous } = principal;
  const { deviceId, instanceId } = hello;
  const actor = { userId, isAnonymous, deviceId, instanceId };
  if (registry.ofUser(userId).size >= BOUNDS.socketsPerPerson && !registry.instance(actor)) {
    throw new EdgeError('rate_limited', { detail: 'too many sockets of this person' });
  }
  // Before a socket takes the place of another one the database is asked, lest somebody who is gone close it.
  if (registry.instance(actor) && deps.verifier.signed !== undefined) {
    await deps.verifier.verify(hello.token);
    if (!connection.open) return false;
  }
  const session: Session = {
    connection,
    user: { id: userId },
    deviceId,
    instanceId,
    actor,
    principal,
    topics: new Map(),
    since: deps.clock.now(),
    lastPongAt: deps.clock.now(),
  };
  registered(session);
  registry.add(session)?.connection.close(CLOSE.replaced, 'this instance has connected again');

  const changes = access.changes;
  const snapshot = await deps.calls.welcome({
    actor,
    sessionId: principal.sessionId ?? null,
    resume: hello.resume ?? null,
  });
  if (!connection.open) return false;
  for (const view of snapshot.calls) noteCall(context, view);
  presence.online(userId, snapshot.teamIds, live.inCall(userId) ? 'in_call' : 'online');
  tellNodes(context, session);
  connection.sendNow({
    t: 'welcome',
    v: PROTOCOL_VERSION,
    user: snapshot.user,
    instanceId,
    serverTime: context.serverTime(),
    heartbeatMs: deps.settings.heartbeatMs,
    leaseMs: deps.settings.leaseMs,
    calls: snapshot.calls.map((view) => viewFor(view, userId)),
    ended: snapshot.ended.map((view) => viewFor(view, userId)),
    rings: [...snapshot.rings],
    inbox: { seq: snapshot.inbox.seq, items: [...snapshot.inbox.items] },
    doNotDisturbUntil: snapshot.doNotDisturbUntil,
    ...(connection.address === undefined ? {} : { address: connection.address }),
  });
  connection.release();
  tellReady(context, session);
  // Teams that were left while they were being read.
  if (changes !== access.changes) {
    for (const teamId of snapshot.teamIds) await recheckTeam(context, teamId);
    if (connection.open) tellNodes(context, session);
  }
  return true;
}

function tellNodes({ roster, presence }: HubContext, { user, instanceId, since }: Session): void {
  const { id: userId } = user;
  roster?.add({ userId, instanceId, since, teamIds: presence.teamsOf(userId), state: presence.stateOf(userId) });
}

/** A caller whose socket was cut learns again which ringing devices are ready. */
function tellReady({ live }: HubContext, session: Session): void {
  for (const callId of live.callsOf(session.actor)) {
    if (live.get(callId)?.call.initiatorId !== session.user.id) continue;
    for (const from of live.readyIn(callId)) session.connection.send({ t: 'ready', callId, from: { ...from } });
  }
}

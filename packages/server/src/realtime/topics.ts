import { EdgeError } from '../ports/edge-error.ts';
import { viewFor } from '../store/big-call.ts';
import { parseTopic } from './access.ts';
import { BOUNDS } from './bounds.ts';
import type { HubContext } from './context.ts';
import { presenceMessages } from './presence-batches.ts';
import type { Session } from './session.ts';

/** @throws EdgeError `unknown_topic` for whoever may not see it */
export async function subscribe(context: HubContext, session: Session, topic: string): Promise<void> {
  const { registry, access, presence } = context;
  if (!session.topics.has(topic) && session.topics.size >= BOUNDS.topics) {
    throw new EdgeError('rate_limited', { detail: 'too many topics' });
  }
  const parsed = parseTopic(topic);
  let changes: number;
  let teamId: string | null;
  do {
    changes = access.changes;
    teamId = await access.teamOf(session, parsed);
  } while (changes !== access.changes);
  if (teamId === null) throw new EdgeError('unknown_topic');
  if (!session.connection.open) return;
  registry.subscribe(session, topic, teamId);
  session.connection.send({ t: 'subscribed', topic });
  if (parsed.kind === 'team') {
    presence.addTeam(session.user.id, teamId);
    for (const message of presenceMessages(teamId, 'sync', presence.ofTeam(teamId))) session.connection.send(message);
  }
  if (parsed.kind === 'channel') {
    const call = await context.deps.calls.channelCall(session.actor, parsed.id);
    if (session.topics.has(topic)) session.connection.send({ t: 'channel_call', channelId: parsed.id, call });
  }
  if (parsed.kind === 'call') {
    const view = viewFor(await context.deps.calls.get(session.actor, parsed.id), session.user.id);
    session.connection.send({ t: 'call', view, events: [] });
  }
}

/** The team's members have changed: whoever is no longer one loses its topics and its presence. */
export async function recheckTeam(context: HubContext, teamId: string): Promise<void> {
  const { registry, access, presence } = context;
  access.noteChange();
  const members = await access.membersOf(teamId);
  for (const { userId } of presence.ofTeam(teamId)) {
    if (!members.has(userId)) presence.removeTeam(userId, teamId);
  }
  for (const userId of members) if (presence.has(userId)) presence.addTeam(userId, teamId);

  for (const session of [...registry.all()]) {
    if (members.has(session.user.id)) continue;
    const topics = [...session.topics].filter(([, team]) => team === teamId).map(([topic]) => topic);
    if (topics.length === 0) continue;
    const visible = await access.visible(session, topics);
    for (const topic of topics) {
      if (visible.has(topic)) continue;
      registry.unsubscribe(session, topic);
      session.connection.error(topic, new EdgeError('unknown_topic'));
    }
  }
}

import type { IceConfiguration } from '@parley/protocol';
import { EdgeError } from '../ports/edge-error.ts';
import { findCaller } from '../store/settings.ts';
import type { ChatDeps, Person } from './chat-deps.ts';
import { iceServers } from './ice-servers.ts';

/**
 * How long the credentials last with which a connection is made before there is a call, in milliseconds. Short, since nothing but an
 * account is behind them yet (decision 0052); those of the call itself last longer.
 */
const AHEAD_MS = 300_000;

/**
 * What a caller is going to need. Who calls has answered, as far as their address goes: only who hides it always is relayed.
 * @throws EdgeError `not_found` for whoever is in no team, guests among them: they call nobody
 */
export async function iceAhead({ db, settings, clock }: ChatDeps, { userId }: Person): Promise<IceConfiguration> {
  const caller = await findCaller({ query: db.once }, userId, clock.skewMs());
  if (caller === undefined) throw new EdgeError('not_found');
  const expiresAt = caller.now + AHEAD_MS;
  return {
    iceServers: await iceServers(settings, userId, expiresAt),
    relayOnly: caller.hideAddress === 'always' && settings.turn !== null,
    expiresAt: new Date(expiresAt).toISOString(),
  };
}

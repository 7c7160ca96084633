import type { Principal } from '../ports/auth.ts';
import type { Actor } from '../usecases/types.ts';
import type { Connection } from './connection.ts';

/** A socket that has said hello. */
export interface Session {
  readonly connection: Connection;
  readonly user: { readonly id: string };
  readonly deviceId: string;
  readonly instanceId: string;
  readonly actor: Actor & { readonly deviceId: string; readonly instanceId: string };
  principal: Principal;
  /** Topic to the team whose membership it depends on. */
  readonly topics: Map<string, string>;
  /** When it said hello. */
  readonly since: number;
  /** When the client last showed that its message handler runs. */
  lastPongAt: number;
}

/** An instance is somebody's: nobody can take another person's place by naming their instance. */
export const seatKey = (who: { readonly userId: string; readonly instanceId: string }): string =>
  `${who.userId}:${who.instanceId}`;

export const senderOf = (session: Session) => ({
  userId: session.user.id,
  deviceId: session.deviceId,
  instanceId: session.instanceId,
});

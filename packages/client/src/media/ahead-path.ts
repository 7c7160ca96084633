import type { MediaEngineName } from '@parley/domain';
import { isGroupType } from '@parley/domain';
import type { CallView, MediaCredentials } from '@parley/protocol';
import type { CallsState, Self } from '../calls/state.ts';
import { admittedBy } from './admitted-by.ts';
import type { Seat } from './call-signalling.ts';
import type { EngineSession } from './engine-session.ts';

/** A call that rings here. */
export interface Expected {
  readonly callId: string;
  readonly engine: MediaEngineName;
  readonly epoch: number;
  readonly view: CallView | null;
}

interface AheadDeps {
  begin(callId: string, engine: MediaEngineName, epoch: number, self: Self): EngineSession | null;
  credentials(callId: string, epoch: number): Promise<MediaCredentials>;
  /** These credentials are of no use after the accept. */
  forget(): void;
  /** It was made, and can take what has arrived for it already. */
  begun(session: EngineSession): void;
  /** A device says over the connection that it was answered there: from here on it is heard. The server decides. */
  answered(session: EngineSession): void;
}

const MOST_READY = 16;

/**
 * What is connected while it still rings, so that an accept is heard at once: the room of a group, and between two people the
 * caller's device and those that ring. Nothing that is captured goes in before the accept.
 */
export class AheadPath {
  readonly #deps: AheadDeps;
  #session: EngineSession | null = null;
  /** The call whose credentials are on their way. */
  #coming: { readonly callId: string; readonly epoch: number } | null = null;
  #newest: { readonly view: CallView; readonly self: Self } | null = null;
  /** Calls that cannot be connected ahead: somebody hides their address until they answer, and there is no relay. */
  readonly #cold = new Set<string>();
  /** Devices for which calls from here ring. */
  #ready: readonly { readonly callId: string; readonly seat: Seat }[] = [];

  constructor(deps: AheadDeps) {
    this.#deps = deps;
  }

  get callId(): string | null {
    return this.#session?.signalling.callId ?? this.#coming?.callId ?? null;
  }

  is(session: EngineSession): boolean {
    return session === this.#session;
  }

  of(callId: string, epoch: number): EngineSession | null {
    const signalling = this.#session?.signalling;
    return signalling?.callId === callId && signalling.epoch === epoch ? this.#session : null;
  }

  /** It rings here. @param mayBegin there is no other call that it would disturb */
  expect({ callId, engine, epoch, view }: Expected, self: Self, mayBegin: boolean): void {
    if (this.#isAt(callId, epoch)) {
      this.#follow(view, self);
      return;
    }
    this.close();
    if (!mayBegin) return;
    if (engine === 'p2p') {
      this.#connect(callId, epoch, view, self);
      return;
    }
    this.#session = this.#deps.begin(callId, engine, epoch, self);
    // Before its credentials are there: whom one will hear decides how a room is entered.
    this.#follow(view, self);
  }

  /** It rings for a device of somebody who is called from here. */
  ready(callId: string, { userId, instanceId }: Seat): void {
    this.#ready = [...this.#ready, { callId, seat: { userId, instanceId } }].slice(-MOST_READY);
  }

  /** A call from here rings. @param running its session, if a device has been heard already */
  call(view: CallView, self: Self, running: EngineSession | null): void {
    const { id: callId, callType, mediaEngine, mediaEpoch, initiatorId } = view.call;
    const ready = this.#ready.filter((one) => one.callId === callId);
    const mayWarm = initiatorId === self.user.id && mediaEngine === 'p2p' && !isGroupType(callType);
    if (!mayWarm || ready.length === 0) return;
    const session = running ?? this.of(callId, mediaEpoch);
    if (session === null) this.#connect(callId, mediaEpoch, view, self);
    session?.signalling.seats(view, self);
    for (const { seat } of ready) session?.signalling.ready(seat);
  }

  /** The accept is there: what there is of that call is taken part in. Null when there is nothing that can be used. */
  take(callId: string, epoch: number): EngineSession | null {
    const session = this.#session;
    if (session?.signalling.callId !== callId) return null;
    this.#session = null;
    const usable = session.signalling.epoch === epoch && session.state !== 'failed' && session.state !== 'closed';
    if (!usable) session.close();
    else session.accepted();
    return usable ? session : null;
  }

  networkChanged(): void {
    this.#session?.networkChanged();
  }

  close(): void {
    this.#session?.close();
    this.#session = null;
    this.#coming = null;
    this.#newest = null;
  }

  /** Not before there are credentials: they say whether anything may be shown to the other side yet. */
  #connect(callId: string, epoch: number, view: CallView | null, self: Self): void {
    if (view) this.#newest = { view, self };
    if (this.#cold.has(callId) || this.#isAt(callId, epoch)) return;
    const coming = { callId, epoch };
    this.#coming = coming;
    const begin = (credentials: MediaCredentials | null): void => {
      if (this.#coming !== coming) return;
      this.#coming = null;
      if (credentials === null) return;
      if (!canBeWarm(credentials)) {
        this.#cold.add(callId);
        this.#deps.forget();
        return;
      }
      const session = this.#deps.begin(callId, 'p2p', epoch, self);
      this.#session = session;
      if (!session) return;
      session.signalling.onAnswered(() => this.#deps.answered(session));
      if (this.#newest) session.signalling.seats(this.#newest.view, this.#newest.self);
      for (const one of this.#ready) if (one.callId === callId) session.signalling.ready(one.seat);
      this.#deps.begun(session);
    };
    this.#deps.credentials(callId, epoch).then(begin, () => begin(null));
  }

  #isAt(callId: string, epoch: number): boolean {
    const at = this.#session?.signalling ?? this.#coming;
    return at?.callId === callId && at.epoch === epoch;
  }

  #follow(view: CallView | null, self: Self): void {
    if (view === null) return;
    this.#newest = { view, self };
    this.#session?.signalling.seats(view, self);
    this.#session?.engine.admit(admittedBy(view, self));
  }
}

/** While it rings, who hides until they answer is reached through a relay, or not at all. */
const canBeWarm = ({ relayOnly, iceServers }: MediaCredentials): boolean =>
  !relayOnly || iceServers.some(({ urls }) => urls.some((url) => url.startsWith('turn')));

/**
 * What rings here. Of several tabs, which are one device to the media server, the one that leads goes into a group ahead.
 * @param leads this one does
 */
export function expectedOf({ rings, views }: CallsState, leads: boolean): Expected | null {
  const ring = rings.find(({ callType }) => leads || !isGroupType(callType));
  if (!ring) return null;
  const view = views.get(ring.callId)?.view ?? null;
  const engine = view?.call.mediaEngine ?? (isGroupType(ring.callType) ? 'livekit' : 'p2p');
  // In a mesh nobody connects with a device that rings: there is nothing to begin.
  if (engine === 'p2p' && isGroupType(ring.callType)) return null;
  return { callId: ring.callId, engine, epoch: view?.call.mediaEpoch ?? 1, view };
}

import {
  type CallDelta,
  type CallEventRecord,
  type CallView,
  mergeCallDelta,
  type ServerMessage,
} from '@parley/protocol';
import { ApiError } from '../api/api-error.ts';
import type { ParleyApi } from '../api/parley-api.ts';
import type { SignallingTransport } from '../ports/signalling-transport.ts';
import type { ServerTime } from '../time/server-time.ts';
import type { CallStore } from './call-store.ts';
import { notice } from './change.ts';
import type { Parting } from './parting.ts';
import type { CallsInput } from './state.ts';
import { viewOfCall } from './view-of-call.ts';

interface Deps {
  readonly calls: CallStore;
  readonly parting: Pick<Parting, 'cancelAbandoned'>;
  readonly api: Pick<ParleyApi, 'call'>;
  readonly transport: SignallingTransport;
  readonly serverTime: ServerTime;
  /** A host has turned this person's microphone off. */
  silenced(): void;
}

/** Hears what the server says of calls, and asks where it has not said enough. */
export class CallNews {
  readonly #deps: Deps;
  readonly #unlisten: () => void;

  constructor(deps: Deps) {
    this.#deps = deps;
    this.#unlisten = deps.transport.onMessage((message) => this.#heard(message));
  }

  /** Over REST: what has become of this call. */
  async look(callId: string): Promise<void> {
    const { api, calls } = this.#deps;
    const { self } = calls.state;
    if (!self) return;
    try {
      const call = await api.call(callId);
      calls.put({ type: 'view', view: viewOfCall(call, self, false), events: [], partial: true });
    } catch (error) {
      if (error instanceof ApiError && error.status === 404) calls.put({ type: 'gone', callId });
    }
  }

  dispose(): void {
    this.#unlisten();
  }

  #heard(message: ServerMessage): void {
    const { calls, serverTime } = this.#deps;
    const now = serverTime.now();
    switch (message.t) {
      case 'welcome':
        this.#hear({ type: 'welcome', welcome: message, now });
        for (const { callId, ringId } of message.rings) this.#ready(callId, ringId);
        this.#checkActive(message);
        break;
      case 'call':
        this.#hear({ type: 'view', view: message.view, events: message.events });
        this.#lookForMute(message.view, message.events);
        break;
      case 'call_delta':
        this.#hearDelta(message);
        break;
      case 'ring':
        calls.put({ type: 'ring', ring: message.ring, now });
        this.#ready(message.ring.callId, message.ring.ringId);
        break;
      case 'inbox':
        calls.put({ type: 'inbox', item: message.item });
        break;
      default:
    }
  }

  /** What is to be left now without a tap was made by a create that had been given up. */
  #hear(input: CallsInput): void {
    const { calls, parting } = this.#deps;
    const before = calls.state.leaving;
    calls.put(input);
    for (const callId of calls.state.leaving) if (!before.has(callId)) void parting.cancelAbandoned(callId);
  }

  /**
   * What is different in a call of many. Of one that is not known here its whole view is on its way, or it concerns nobody here; but
   * where one rings, it has to be heard that it was answered elsewhere.
   */
  #hearDelta(delta: CallDelta): void {
    const { calls, transport } = this.#deps;
    const me = calls.state.self?.user.id;
    const { id } = delta.view.call;
    const known = calls.state.views.get(id)?.view;
    if (known === undefined && calls.state.rings.some(({ callId }) => callId === id)) {
      transport.send({ t: 'resume', callId: id, after: delta.from });
    }
    if (me === undefined || known === undefined) return;
    const view = mergeCallDelta(known, delta, me);
    if (view === null) {
      transport.send({ t: 'resume', callId: known.call.id, after: known.call.version });
    } else if (view !== known) {
      const events = delta.own?.events ?? [];
      this.#hear({ type: 'view', view, events });
      this.#lookForMute(view, events);
    }
  }

  /** Told once: whoever is muted may turn the microphone on again. */
  #lookForMute(view: CallView, events: readonly CallEventRecord[]): void {
    const { calls, silenced } = this.#deps;
    const { self, active } = calls.state;
    if (view.call.id !== active?.callId) return;
    if (!events.some(({ type, data }) => type === 'muted' && data.userId === self?.user.id)) return;
    silenced();
    calls.put({ type: 'noticed', notice: notice('muted', view.call.id) });
  }

  #ready(callId: string, ringId: string): void {
    const { calls, transport } = this.#deps;
    const shown = calls.state.rings.some((ring) => ring.ringId === ringId);
    if (shown) transport.send({ t: 'ready', callId, ringId });
  }

  /** A welcome that does not name the active call: it has ended, or belongs to nobody any more. */
  #checkActive(welcome: Extract<ServerMessage, { t: 'welcome' }>): void {
    const callId = this.#deps.calls.state.active?.callId;
    if (typeof callId !== 'string') return;
    if (![...welcome.calls, ...welcome.ended].some(({ call }) => call.id === callId)) void this.look(callId);
  }
}

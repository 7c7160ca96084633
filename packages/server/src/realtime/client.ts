import { unreachable } from '@parley/domain';
import { type CallView, CLOSE, type ClientMessage, CreateCall } from '@parley/protocol';
import type { Principal } from '../ports/auth.ts';
import { EdgeError } from '../ports/edge-error.ts';
import { viewFor } from '../store/big-call.ts';
import { checked, parseCallCommand } from '../usecases/parse-command.ts';
import { BOUNDS } from './bounds.ts';
import { Connection } from './connection.ts';
import type { HubContext } from './context.ts';
import { noteCall } from './delivery.ts';
import { edgeErrorOf } from './errors.ts';
import { FloodGate } from './flood-gate.ts';
import { greet } from './greet.ts';
import { commandRef, readFrame } from './incoming.ts';
import { Lane } from './lane.ts';
import { type Nodes, relay } from './relay.ts';
import { type Session, seatKey, senderOf } from './session.ts';
import type { SocketHandle, SocketLike } from './socket.ts';
import { subscribe } from './topics.ts';

/** Browsers and Node keep timers in 31 bits. */
const LONGEST_TIMER_MS = 2_147_483_647;

/** So long an answer waits at most for the credentials that go ahead of it, in milliseconds. */
const MEDIA_WITHIN_MS = 500;
/** Commands that give a seat. */
const SEATING: ReadonlySet<string> = new Set<Message<'command'>['name']>(['create', 'accept', 'move']);

type Message<T extends ClientMessage['t']> = Extract<ClientMessage, { t: T }>;

type State =
  | { readonly name: 'silent' }
  /** The hello is being looked at; what comes meanwhile waits in the lanes. */
  | { readonly name: 'greeting' }
  | { readonly name: 'open'; readonly session: Session }
  | { readonly name: 'gone' };

/** One socket, from the connection to its close. */
export class Client implements SocketHandle {
  readonly #context: HubContext;
  readonly #connection: Connection;
  readonly #onGone: () => void;
  readonly #gate: FloodGate;
  /** Commands and reads, in their order. */
  readonly #work = new Lane(BOUNDS.lane);
  /** Peer messages are in a lane of their own: they do not wait for a command's transaction. */
  readonly #peers = new Lane(BOUNDS.lane);
  #state: State = { name: 'silent' };
  /** From its registration on, which is before the welcome. */
  #session: Session | null = null;
  #badFrames = 0;
  /** When the newest reactions were shown. */
  #reactedAt: number[] = [];
  #toldOverAt = Number.NEGATIVE_INFINITY;
  #helloTimer: unknown;
  #tokenTimer: unknown = null;

  constructor(context: HubContext, socket: SocketLike, onGone: () => void) {
    this.#context = context;
    this.#onGone = onGone;
    this.#gate = new FloodGate(context.deps.clock.now());
    this.#connection = new Connection(socket, () => this.#gone());
    this.#helloTimer = context.deps.timers.setTimeout(() => {
      if (this.#state.name !== 'silent') return;
      this.#connection.error(null, new EdgeError('hello_required'));
      this.#connection.close(CLOSE.unauthenticated, 'no hello in time');
    }, BOUNDS.helloMs);
  }

  message(text: string | null, bytes: number): void {
    if (this.#state.name === 'gone' || !this.#passes(text)) return;
    const incoming = readFrame(text, bytes);
    if (incoming.kind === 'version') {
      this.#connection.close(CLOSE.version, 'this version of the protocol is not spoken here');
      return;
    }
    if (incoming.kind === 'bad') {
      this.#connection.error(incoming.ref, incoming.error);
      this.#badFrames += 1;
      if (this.#badFrames >= BOUNDS.badFrames) this.#connection.close(CLOSE.badFrames, 'three bad frames in a row');
      return;
    }
    this.#badFrames = 0;
    this.#take(incoming.message);
  }

  close(code: number, reason: string): void {
    this.#connection.close(code, reason);
  }

  /** Closes it once the commands that it has sent are carried out and answered. */
  retire(code: number, reason: string): void {
    if (!this.#work.push(() => this.close(code, reason))) this.close(code, reason);
  }

  closed(): void {
    this.#connection.closed();
  }

  #passes(text: string | null): boolean {
    if (!this.#context.deps.settings.rateLimits) return true;
    const now = this.#context.deps.clock.now();
    const verdict = this.#gate.take(now);
    if (verdict === 'pass') return true;
    const ref = commandRef(text);
    // A dropped command is always answered; the rest is told once a second.
    if (ref !== null || now - this.#toldOverAt >= 1000) {
      this.#toldOverAt = now;
      this.#connection.error(ref, new EdgeError('rate_limited', { retryAfter: this.#gate.retryAfterMs / 1000 }));
    }
    if (verdict === 'flood') this.#connection.close(CLOSE.flood, 'too many messages');
    return false;
  }

  #take(message: ClientMessage): void {
    if (this.#state.name === 'silent' && message.t !== 'hello') {
      this.#connection.error(null, new EdgeError('hello_required'));
      this.#connection.close(CLOSE.unauthenticated, 'the first message must be a hello');
      return;
    }
    switch (message.t) {
      case 'hello':
        this.#hello(message);
        break;
      case 'pong':
        if (this.#state.name === 'open') {
          this.#context.heartbeat.pong(this.#state.session, message.n, message.flowing ?? []);
        }
        break;
      case 'ping':
        this.#connection.sendNow({ t: 'pong', n: message.n });
        break;
      case 'relay':
        this.#queue(this.#peers, message.callId, (session) => this.#relay(session, message));
        break;
      case 'ready':
        this.#queue(this.#peers, message.callId, (session) => this.#ready(session, message));
        break;
      case 'command':
        this.#queue(this.#work, message.id, (session) => this.#command(session, message));
        break;
      case 'resume':
        this.#queue(this.#work, message.callId, (session) => this.#resume(session, message));
        break;
      case 'subscribe':
        this.#queue(this.#work, message.topic, (session) => subscribe(this.#context, session, message.topic));
        break;
      case 'unsubscribe':
        this.#queue(this.#work, null, (session) => this.#context.registry.unsubscribe(session, message.topic));
        break;
      case 'reaction':
        this.#queue(this.#peers, message.callId, (session) => this.#react(session, message));
        break;
      case 'token':
        this.#queue(this.#work, null, (session) => this.#renew(session, message.token));
        break;
      default:
        unreachable(message);
    }
  }

  #hello(message: Message<'hello'>): void {
    if (this.#state.name !== 'silent') {
      this.#connection.error(null, new EdgeError('hello_repeated'));
      return;
    }
    this.#context.deps.timers.clearTimeout(this.#helloTimer);
    this.#state = { name: 'greeting' };
    const registered = (session: Session) => {
      this.#session = session;
    };
    const greeting = greet(this.#context, this.#connection, message, registered).then((welcomed) => {
      if (!welcomed || !this.#session || this.#state.name !== 'greeting') return;
      this.#state = { name: 'open', session: this.#session };
      this.#watchToken(this.#session.principal);
    });
    this.#work.push(() => greeting);
    this.#peers.push(() => greeting);
  }

  /** Runs the task in its turn, once the socket is open; its error goes to the client under `ref`. */
  #queue(lane: Lane, ref: string | null, task: (session: Session) => Promise<void> | void): void {
    const fail = (error: unknown) => this.#connection.error(ref, edgeErrorOf(error, this.#context.deps.log));
    const taken = lane.push(() => {
      if (this.#state.name !== 'open') return;
      try {
        return task(this.#state.session)?.catch(fail);
      } catch (error) {
        fail(error);
      }
    });
    if (!taken) fail(new EdgeError('rate_limited', { retryAfter: 1 }));
  }

  async #command(session: Session, message: Message<'command'>): Promise<void> {
    const { calls } = this.#context.deps;
    const result =
      message.name === 'create'
        ? await calls.create(session.actor, message.id, checked(CreateCall, message.body))
        : await calls.command(
            session.actor,
            message.id,
            message.callId ?? noCall(),
            parseCallCommand(message.name, message.body),
          );
    if (SEATING.has(message.name)) await this.#giveMedia(session, result.view);
    const view = viewFor(result.view, session.user.id);
    session.connection.send({ t: 'ack', id: message.id, status: result.status, view });
  }

  /** Whoever has a seat now wants to send and hear next. Where it fails they ask themselves, and are told why. */
  async #giveMedia(session: Session, { call, seats }: CallView): Promise<void> {
    const { id: callId, mediaEngine, mediaEpoch: epoch } = call;
    const own = seatKey(session.actor);
    if (mediaEngine === 'p2p' || !seats.some((seat) => seatKey(seat) === own)) return;
    const { calls, timers, log } = this.#context.deps;
    let timer: unknown;
    const late = new Promise<null>((resolve) => {
      timer = timers.setTimeout(() => resolve(null), MEDIA_WITHIN_MS);
    });
    try {
      const credentials = await Promise.race([calls.mediaToken(session.actor, callId), late]);
      if (credentials !== null) session.connection.send({ t: 'media', callId, epoch, credentials });
    } catch (error) {
      edgeErrorOf(error, log);
    } finally {
      timers.clearTimeout(timer);
    }
  }

  async #resume(session: Session, message: Message<'resume'>): Promise<void> {
    const { calls } = this.#context.deps;
    const view = viewFor(await calls.get(session.actor, message.callId), session.user.id);
    const events = await calls.events(session.actor, message.callId, message.after);
    // What has happened between the two reads is told by a message of its own.
    const led = events.filter(({ seq }) => seq <= view.call.version);
    session.connection.send({ t: 'call', view, events: led });
  }

  async #ready(session: Session, message: Message<'ready'>): Promise<void> {
    await this.#load(message.callId);
    await this.#context.deps.calls.ready(session.actor, message.callId, message.ringId);
    this.#context.deps.fanout.publish({ t: 'ready', callId: message.callId, from: senderOf(session) });
  }

  async #react(session: Session, { callId, emoji }: Message<'reaction'>): Promise<void> {
    await this.#load(callId);
    const { live, deps } = this.#context;
    if (!live.hasSeatIn(callId, session.actor)) throw new EdgeError('peer_not_in_call');
    const now = deps.clock.now();
    this.#reactedAt = this.#reactedAt.filter((at) => now - at < BOUNDS.reactionsMs);
    if (this.#reactedAt.length >= BOUNDS.reactions) throw new EdgeError('rate_limited', { retryAfter: 1 });
    this.#reactedAt.push(now);
    deps.fanout.publish({ t: 'reaction', callId, userId: session.user.id, emoji });
  }

  #relay(session: Session, message: Message<'relay'>): Promise<void> | void {
    const { live, registry, roster, deps } = this.#context;
    const others: Nodes | null = roster && deps.nodes ? { roster, fanout: deps.nodes } : null;
    if (live.get(message.callId)) return relay(live, registry, others, session, message);
    return this.#load(message.callId).then(() => relay(live, registry, others, session, message));
  }

  /** Only a call that this process has not heard of is read. */
  async #load(callId: string): Promise<void> {
    if (this.#context.live.get(callId)) return;
    const view = await this.#context.deps.calls.liveView(callId);
    if (view) noteCall(this.#context, view);
  }

  async #renew(session: Session, token: string): Promise<void> {
    const principal = await this.#context.deps.verifier.verify(token);
    if (principal.userId !== session.user.id) throw new EdgeError('token_invalid');
    session.principal = principal;
    this.#watchToken(principal);
    session.connection.send({ t: 'token_ok', expiresAt: new Date(principal.expiresAt).toISOString() });
  }

  #watchToken(principal: Principal): void {
    const { timers, clock } = this.#context.deps;
    if (this.#tokenTimer !== null) timers.clearTimeout(this.#tokenTimer);
    const left = principal.expiresAt - clock.now();
    this.#tokenTimer = timers.setTimeout(
      () => {
        this.#tokenTimer = null;
        if (principal.expiresAt > clock.now()) this.#watchToken(principal);
        else this.#connection.close(CLOSE.tokenExpired, 'the token has expired');
      },
      Math.min(Math.max(left, 0), LONGEST_TIMER_MS),
    );
  }

  #gone(): void {
    const { deps, registry, presence, live, roster } = this.#context;
    deps.timers.clearTimeout(this.#helloTimer);
    if (this.#tokenTimer !== null) deps.timers.clearTimeout(this.#tokenTimer);
    this.#work.clear();
    this.#peers.clear();
    this.#state = { name: 'gone' };
    this.#onGone();
    const session = this.#session;
    // A socket that was replaced is out of the registry: its instance lives on in another one.
    if (!session || !registry.remove(session)) return;
    live.forgetReady(session.actor);
    roster?.remove(session.actor);
    if (registry.ofUser(session.user.id).size === 0) presence.offline(session.user.id);
  }
}

function noCall(): never {
  throw new EdgeError('bad_request', { errors: [{ path: 'callId', message: 'missing' }] });
}

import type { ClientMessage, ErrorCode, ServerMessage, User } from '@parley/protocol';
import { problem } from '@parley/protocol';
import {
  ADA,
  ADA_AT,
  type At,
  CountingIds,
  FAKE_CAPABILITIES,
  FakeCapture,
  FakeDevices,
  FakeEngine,
  FakeLockManager,
  FakeRoom,
  type FakeSocket,
  FakeSockets,
  iso,
  ManualClock,
  MemoryStore,
  TEAM,
  uuidOf,
  welcomeFor,
} from '@parley/testing';
import { type ConnectionsAhead, createParleyClient, type ParleyClient, type PeerSignalling } from '../src/index.ts';

export const SERVER_CAPABILITIES = {
  ...FAKE_CAPABILITIES,
  name: 'livekit',
  meets: 'server',
  protection: 'to_server',
} as const;

type Sent<T extends ClientMessage['t']> = Extract<ClientMessage, { t: T }>;
export type Answer = (
  method: string,
  path: string,
  body: Record<string, unknown>,
) => Response | Promise<Response> | undefined;

/** A whole client on fakes: the test is the server at the other end of its socket and of its requests. */
export class ClientBench {
  readonly clock = new ManualClock();
  readonly sockets = new FakeSockets();
  readonly capture = new FakeCapture();
  readonly devices = new FakeDevices();
  readonly room = new FakeRoom();
  /** Where engines of the media server meet. */
  readonly sfu = new FakeRoom();
  readonly storage: MemoryStore;
  readonly engines: FakeEngine[] = [];
  readonly signallings: PeerSignalling[] = [];
  readonly requests: {
    readonly method: string;
    readonly path: string;
    readonly headers: Headers;
    readonly body: unknown;
    readonly keepalive: boolean;
  }[] = [];
  readonly at: At;
  readonly instanceStorage: MemoryStore;
  readonly user: User;
  readonly client: ParleyClient;
  /** Asked first; what it does not answer is answered as a server would that has nothing. */
  answer: Answer = () => undefined;
  reachable = true;
  tokens = 0;
  tokenLifeMs = 3_600_000;
  visible: () => void = () => undefined;
  hidden: () => void = () => undefined;
  left: () => void = () => undefined;
  network: (now: 'back' | 'other') => void = () => undefined;

  constructor(user: User = ADA, at: At = ADA_AT, storage = new MemoryStore(), connectionsAhead?: ConnectionsAhead) {
    this.user = user;
    this.at = at;
    this.storage = storage;
    storage.values.set('parley.device', at.deviceId);
    this.instanceStorage = new MemoryStore([['parley.instance', at.instanceId]]);
    this.client = createParleyClient({
      baseUrl: 'https://parley.test',
      fetch: async (url, init) => this.#fetch(new URL(url), init),
      socket: this.sockets.connect,
      storage,
      instanceStorage: this.instanceStorage,
      deviceType: 'web-desktop',
      ...(connectionsAhead === undefined ? {} : { connectionsAhead }),
      locks: new FakeLockManager(this.clock).tab().locks,
      clock: this.clock,
      ids: new CountingIds(0x5000),
      random: () => 0.5,
      capture: this.capture,
      devices: this.devices,
      levels: null,
      engines: {
        p2p: (signalling) => {
          const engine = new FakeEngine(this.room);
          this.engines.push(engine);
          this.signallings.push(signalling);
          return engine;
        },
        livekit: (signalling) => {
          const engine = new FakeEngine(this.sfu, SERVER_CAPABILITIES);
          this.engines.push(engine);
          this.signallings.push(signalling);
          return engine;
        },
      },
      hints: {
        onVisible: (listener) => {
          this.visible = listener;
          return () => undefined;
        },
        onHidden: (listener) => {
          this.hidden = listener;
          return () => undefined;
        },
        onLeave: (listener) => {
          this.left = listener;
          return () => undefined;
        },
        onNetwork: (listener) => {
          this.network = listener;
          return () => undefined;
        },
      },
    });
  }

  get socket(): FakeSocket {
    return this.sockets.last;
  }

  get engine(): FakeEngine | undefined {
    return this.engines.at(-1);
  }

  get snapshot() {
    return this.client.snapshot();
  }

  async signIn(more: Parameters<typeof welcomeFor>[2] = {}): Promise<void> {
    await this.clock.advance(0);
    await this.client.signIn({ email: 'ada@acme.test', password: 'parley-demo' });
    await this.letIn(1, more);
  }

  /** The server takes connection number `n` and says welcome. */
  async letIn(n: number, more: Parameters<typeof welcomeFor>[2] = {}): Promise<void> {
    await this.clock.until(() => this.sockets.all.length >= n, `connection ${n}`);
    this.socket.open();
    this.socket.say(welcomeFor(this.user, this.at, { serverTime: this.now(), ...more }));
    await this.clock.advance(0);
  }

  now(offset = 0): string {
    return new Date(this.clock.now() + offset).toISOString();
  }

  async say(message: ServerMessage): Promise<void> {
    this.socket.say(message);
    await this.clock.advance(0);
  }

  sent<T extends ClientMessage['t']>(t: T): readonly Sent<T>[] {
    return this.sockets.all.flatMap(({ received }) =>
      received.filter((message): message is Sent<T> => message.t === t),
    );
  }

  command(name: Sent<'command'>['name']): Sent<'command'> {
    const found = this.sent('command').findLast((command) => command.name === name);
    if (!found) throw new Error(`no command ${name} was sent`);
    return found;
  }

  commands(): readonly string[] {
    return this.sent('command').map(({ name }) => name);
  }

  ack(name: Sent<'command'>['name'], view: Extract<ServerMessage, { t: 'ack' }>['view']): Promise<void> {
    return this.say({ t: 'ack', id: this.command(name).id, status: 200, view });
  }

  refuse(name: Sent<'command'>['name'], code: ErrorCode): Promise<void> {
    return this.say({ t: 'error', ref: this.command(name).id, problem: problem(code) });
  }

  session() {
    this.tokens += 1;
    return {
      accessToken: `access-${this.tokens}`,
      refreshToken: `refresh-${this.tokens}`,
      expiresAt: this.now(this.tokenLifeMs),
      user: this.user,
    };
  }

  #fetch(url: URL, init: RequestInit | undefined): Response | Promise<Response> {
    if (!this.reachable) throw new TypeError('failed to fetch');
    const method = init?.method ?? 'GET';
    const path = url.pathname + url.search;
    const body = init?.body === undefined ? {} : JSON.parse(String(init.body));
    this.requests.push({
      method,
      path,
      headers: new Headers(init?.headers),
      body,
      keepalive: init?.keepalive === true,
    });
    return this.answer(method, path, body) ?? this.#otherwise(path);
  }

  #otherwise(path: string): Response {
    if (/\/auth\/(sign-in|sign-up|refresh)$/.test(path)) return Response.json(this.session());
    if (path.endsWith('/auth/sign-out')) return new Response(null, { status: 204 });
    if (path.endsWith('/token')) {
      return Response.json({
        engine: 'p2p',
        url: null,
        token: null,
        roomName: 'room',
        uid: this.user.id,
        expiresAt: iso(3_600_000),
        iceServers: [{ urls: ['stun:stun.parley.test'] }],
        relayOnly: false,
      });
    }
    if (path.endsWith('/metrics')) return new Response(null, { status: 204 });
    if (path === '/api/teams') return Response.json({ items: [{ ...TEAM, role: 'member' }], nextCursor: null });
    if (/^\/api\/(teams|channels)\//.test(path)) return Response.json({ items: [], nextCursor: null });
    return Response.json(problem('not_found'), { status: 404 });
  }
}

export const THIRD: User = { id: uuidOf(0xcc), displayName: 'Linus Torvalds' };

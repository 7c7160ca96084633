import { type CallType, isGroupType, type UserId } from '@parley/domain';
import type {
  Call,
  DeviceType,
  HistoryQuery,
  OtherCalls,
  Participant,
  PeopleQuery,
  Rating,
  RatingReason,
  User,
} from '@parley/protocol';
import { ApiError } from './api/api-error.ts';
import { Http } from './api/http.ts';
import { type Page, ParleyApi } from './api/parley-api.ts';
import { CallDesk } from './calls/call-desk.ts';
import { CallNews } from './calls/call-news.ts';
import { CallStore } from './calls/call-store.ts';
import { inboxToResume, unreadOf } from './calls/change.ts';
import { ChannelCalls } from './calls/channel-calls.ts';
import { type GroupActions, GroupDesk } from './calls/group-desk.ts';
import { NoticeBoard } from './calls/notice-board.ts';
import { Parting } from './calls/parting.ts';
import { ReadMarks } from './calls/read-marks.ts';
import { activeOf, incomingOf, othersOfState } from './calls/snapshot.ts';
import { summaryOf } from './calls/summary.ts';
import { type Chat, ChatStore } from './chat/chat-store.ts';
import { Presence } from './chat/presence.ts';
import { CommandRunner } from './commands/command-runner.ts';
import { type CallLinks, createCallLinks } from './links/call-links.ts';
import type { Expected } from './media/ahead-path.ts';
import { CallMedia, type EngineFactories } from './media/call-media.ts';
import { CallPreparation } from './media/call-preparation.ts';
import { type DeviceDesk, DeviceKeeper } from './media/device-desk.ts';
import { GivenCredentials } from './media/given-credentials.ts';
import { LocalMedia } from './media/local-media.ts';
import { ScreenShare } from './media/screen-share.ts';
import type { PictureWish } from './media/video-demand.ts';
import type { CallSummary, ClientSnapshot, PermissionProblem } from './model.ts';
import type { Capture, CapturePermission, CaptureSource } from './ports/capture.ts';
import type { ConnectionsAhead } from './ports/connections-ahead.ts';
import type { Devices, LevelMeter } from './ports/devices.ts';
import { type Leader, type Locks, leaderOf } from './ports/locks.ts';
import type { Clock, Fetch, Hints, Ids, KeyValueStore } from './ports/platform.ts';
import type { SignallingTransport } from './ports/signalling-transport.ts';
import type { SocketConnector } from './ports/socket.ts';
import { CallRecorder } from './quality/call-recorder.ts';
import { type Account, createAccount } from './session/account.ts';
import { AuthSession } from './session/auth-session.ts';
import { ConnectionKeeper } from './session/connection-keeper.ts';
import { type Identity, loadIdentity } from './session/identity.ts';
import { QuietTime } from './session/quiet-time.ts';
import { shared } from './shared.ts';
import { ServerTime } from './time/server-time.ts';
import { WebSocketTransport } from './transport/websocket-transport.ts';

export interface ParleyClientOptions {
  /** Origin of the server, for example `https://parley.example`; empty for the page's own (the socket then needs `socketUrl`). */
  readonly baseUrl: string;
  /** By default `<baseUrl>/api/realtime` as `ws:` or `wss:`. */
  readonly socketUrl?: string;
  readonly fetch: Fetch;
  readonly socket: SocketConnector;
  readonly storage: KeyValueStore;
  /** Lives as long as the tab (web: sessionStorage); null where an instance is a process. */
  readonly instanceStorage: KeyValueStore | null;
  readonly locks: Locks;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly random: () => number;
  readonly capture: Capture;
  readonly devices: Devices;
  /** Null where it cannot be measured. */
  readonly levels: LevelMeter | null;
  readonly engines: EngineFactories;
  /** What makes the connection of a call before it is placed; left out, it is made with the call. */
  readonly connectionsAhead?: ConnectionsAhead;
  readonly hints: Hints;
  /** On what it runs; told with what is measured in calls. */
  readonly deviceType?: DeviceType;
}

/** What one sees of the others in a group, and shows of oneself. */
export interface StageActions {
  /** Which pictures of a call are looked at, and how sharp: what is not named need not be sent. */
  look(callId: string, wanted: readonly PictureWish[]): void;
  /** Sound alone, for as long as this call lasts. */
  setDataSaver(on: boolean): void;
  /** Asks what is to be shared. */
  share(): void;
  stopSharing(): void;
}

/** How one goes into a group, as it was chosen before. */
export interface GroupEntry {
  readonly teamId: string;
  readonly channelId: string | null;
  readonly kind: 'audio' | 'video';
  readonly muted: boolean;
  readonly camera: boolean;
}

export interface GroupStart extends GroupEntry {
  /** Who is rung. */
  readonly people: readonly UserId[];
}

export interface AcceptOptions {
  readonly audioOnly?: boolean;
  readonly others?: OtherCalls;
}

/** How long screens wait, in milliseconds: for a microphone and a camera on a slow machine, and still one answer to one tap. */
const OPENING_MS = 250;
/** For the first sound of a group, whose page takes a slow machine longer to draw than the way into it. */
const ENTERING_MS = 1_500;

/** The headless client: one for each running app. Screens draw its snapshots and call its methods. */
export interface ParleyClient {
  /** The same object until something has changed. */
  snapshot(): ClientSnapshot;
  subscribe(listener: () => void): () => void;
  /**
   * For so long at most, in milliseconds, whoever draws may leave what has changed undrawn; 0: not at all. A device is not open yet for a
   * call that was accepted here, or there is no sound yet in the group into which somebody goes: that is more urgent.
   */
  readonly holdMs: number;
  readonly chat: Chat;
  readonly account: Account;
  readonly devices: DeviceDesk;
  /** What one does in a group. */
  readonly group: GroupActions;
  /** What one sees and shows in it. */
  readonly stage: StageActions;
  readonly links: CallLinks;

  /** @throws ApiError: `credentials_invalid`, `rate_limited`, `network` … */
  signIn(input: { email: string; password: string }): Promise<User>;
  /** @throws ApiError: `email_taken` … */
  signUp(input: { email: string; password: string; displayName: string }): Promise<User>;
  signOut(): Promise<void>;

  /** What the platform would do: `prompt` means that it would ask. */
  permission(source: CaptureSource): Promise<CapturePermission>;
  /** Asks ahead of a call; the answer is what is missing. What was opened waits for the call, at most a minute. */
  requestPermissions(sources: readonly CaptureSource[]): Promise<readonly PermissionProblem[]>;
  /** What `permission` would answer may have changed, by the platform's settings or a device that was plugged in. */
  onPermission(sources: readonly CaptureSource[], listener: () => void): () => void;
  /** There will be no call: what was opened ahead of it is closed at once. Does nothing during a call. */
  releasePermissions(): void;

  /** The screen changes at once: `snapshot().active`. A failure comes as a notice. Does nothing while there is a call. */
  startCall(call: { teamId: string; channelId: string | null; callType: CallType; userId: UserId }): void;
  /**
   * Somebody is shown who may be called from there: what the call needs is got ready, without a device being opened or anybody
   * hearing of it. Does nothing while there is a call. @returns what was made is let go, unless a call was placed with it
   */
  prepareCall(): () => void;
  /** A call in a channel: rings those named, or nobody. As `startCall` otherwise. */
  startGroup(call: GroupStart): void;
  /** Into a call that goes on. The screen changes at once; does nothing while there is a call. */
  joinCall(callId: string, entry: GroupEntry): void;
  /** `others`: what becomes of the calls in which the person is already, on this device or another; by default they end. */
  accept(callId: string, options?: AcceptOptions): void;
  /** Comes back to a call that is on hold here; the active one is held in its place. */
  resume(callId: string): void;
  /** Goes on here with a call in which the person is on another device; the active one is held. */
  moveHere(callId: string): void;
  leaveHeld(callId: string): void;
  /** Gives up every call in which the person is, on whatever device. */
  endCalls(): void;
  decline(callId: string): void;
  /** Takes back the call that rings. The same as `leave`: which of the two it is, is decided when it arrives. */
  cancel(): void;
  leave(): void;
  setMuted(muted: boolean): void;
  /** Turned on while a weak connection holds it back (`videoHeld`), it stays on for the rest of the call. */
  setCamera(on: boolean): void;
  /** How the person found a call, for a while after it. Said again it takes the place of what was said. @throws ApiError */
  rate(callId: string, rating: Rating, reasons?: readonly RatingReason[]): Promise<void>;
  dismissSummary(callId: string): void;
  dismissNotice(id: string): void;

  /** Newest first. Without `teamId` of all teams, without `only` all calls. @throws ApiError */
  history(wanted: HistoryQuery): Promise<Page<Call>>;
  /** Everybody of a call, or whom `wanted` fits, in the order in which they came into it. @throws ApiError */
  callPeople(callId: string, wanted: PeopleQuery): Promise<Page<Participant>>;
  /** Summary of a call that has ended, for a page that is opened later; null while it lives. @throws ApiError */
  summary(callId: string): Promise<CallSummary | null>;
  /**
   * Clears the badge, on all devices: of these calls, or of all. Never throws: what the server could not be told it is told
   * after the next connection.
   */
  markCallsRead(callIds?: readonly string[]): Promise<void>;

  dispose(): void;
}

/** How long a microphone that was opened ahead of a call waits for one. */
const PREPARED_MS = 60_000;

export function createParleyClient(options: ParleyClientOptions): ParleyClient {
  return new Client(options);
}

class Client implements ParleyClient {
  readonly chat: ChatStore;
  readonly account: Account;
  readonly devices: DeviceKeeper;
  readonly group: GroupDesk;
  readonly stage: StageActions;
  readonly links: CallLinks;
  readonly #channelCalls: ChannelCalls;
  readonly #options: ParleyClientOptions;
  readonly #session: AuthSession;
  readonly #api: ParleyApi;
  readonly #identity: Promise<Identity>;
  readonly #keeper: ConnectionKeeper;
  readonly #transport: SignallingTransport;
  readonly #runner: CommandRunner;
  readonly #given: GivenCredentials;
  readonly #calls: CallStore;
  readonly #notices: NoticeBoard;
  readonly #parting: Parting;
  readonly #desk: CallDesk;
  readonly #news: CallNews;
  readonly #local: LocalMedia;
  readonly #recorder: CallRecorder;
  readonly #media: CallMedia;
  readonly #preparation: CallPreparation;
  readonly #leader: Leader;
  readonly #presence = new Presence();
  readonly #quiet: QuietTime;
  readonly #readMarks: ReadMarks;
  readonly #serverTime: ServerTime;
  readonly #listeners = new Set<() => void>();
  readonly #unlisten: (() => void)[];
  #snapshot: ClientSnapshot | null = null;
  /** The newest that was drawn: what says the same in the next one is the same object. */
  #drawn: ClientSnapshot | null = null;
  #userId: UserId | null = null;
  #address: string | null = null;
  #preparedTimer: unknown = null;
  #disposed = false;

  constructor(options: ParleyClientOptions) {
    this.#options = options;
    const { clock, ids, random, locks, storage } = options;
    this.#serverTime = new ServerTime(clock);
    const serverTime = this.#serverTime;
    const http = new Http(options.baseUrl, options.fetch, clock);
    this.#session = new AuthSession({ http, storage, locks, clock, serverTime });
    this.#identity = loadIdentity({ storage, instanceStorage: options.instanceStorage, locks, ids });
    this.#api = new ParleyApi({ http, session: this.#session, ids, identity: () => this.#identity });
    const transport = new WebSocketTransport({
      url: options.socketUrl ?? socketUrlOf(options.baseUrl),
      connect: options.socket,
      clock,
      random,
      hello: (fresh) => this.#keeper.hello(fresh),
      flowing: () => this.#media.flowing(),
      onStopped: (reason) => void this.#keeper.transportStopped(reason),
    });
    this.#transport = transport;
    this.#keeper = new ConnectionKeeper({
      session: this.#session,
      identity: () => this.#identity,
      clock,
      transport: () => transport,
      resume: () => ({ calls: this.#calls.versions(), inbox: inboxToResume(this.#calls.state) }),
      changed: () => this.#changed(),
    });
    const unlisten: (() => void)[] = [];
    // First of all listeners: the others reckon with the server's time.
    unlisten.push(
      transport.onMessage((message) => {
        if (message.t === 'welcome') serverTime.observe(Date.parse(message.serverTime), true);
        if (message.t === 'ping') serverTime.observe(Date.parse(message.at));
      }),
    );
    this.#runner = new CommandRunner({ transport, api: this.#api, clock, ids, random });
    const changed = () => this.#changed();
    this.#given = new GivenCredentials({
      transport,
      clock,
      absolute: (path) => `${wsOf(options.baseUrl)}${path}`,
    });
    unlisten.push(() => this.#given.dispose());
    this.#local = new LocalMedia(options.capture);
    this.#calls = new CallStore({
      serverTime,
      clock,
      changed: () => this.#callsChanged(),
      returning: (entry) => void this.#desk.comeBack(entry),
    });
    const calls = this.#calls;
    this.#notices = new NoticeBoard(calls, clock);
    this.#parting = new Parting({ calls, api: this.#api, runner: this.#runner, transport, serverTime, clock, ids });
    this.#news = new CallNews({
      calls,
      parting: this.#parting,
      api: this.#api,
      transport,
      serverTime,
      silenced: () => this.#local.setMuted(true),
    });
    this.#desk = new CallDesk({
      calls,
      parting: this.#parting,
      api: this.#api,
      runner: this.#runner,
      serverTime,
      clock,
      ids,
      seating: (callId, answer) => this.#given.expect(callId, answer),
      look: (callId) => this.#news.look(callId),
    });
    this.#recorder = new CallRecorder({
      api: this.#api,
      clock,
      storage: options.instanceStorage,
      deviceType: options.deviceType ?? null,
      changed,
    });
    this.devices = new DeviceKeeper({
      devices: options.devices,
      levels: options.levels,
      local: this.#local,
      storage,
      clock,
      news: (news) => this.#notices.device(news),
    });
    this.#preparation = new CallPreparation({
      clock,
      serverTime,
      connections: options.connectionsAhead ?? null,
      fetch: () => this.#api.iceServers(),
      microphoneIsGranted: async () => (await this.#local.permission('microphone')) === 'granted',
    });
    this.#media = new CallMedia({
      preparation: this.#preparation,
      engines: options.engines,
      api: this.#api,
      runner: this.#runner,
      transport,
      given: this.#given,
      local: this.#local,
      screen: new ScreenShare(
        options.capture,
        () => this.#media.screenChanged(),
        (problem) => this.#notices.share(problem),
      ),
      recorder: this.#recorder,
      clock,
      serverTime,
      random,
      changed,
      failed: (callId) => {
        this.#notices.mediaProblem(callId, 'media_failed');
        void this.#parting.leave('media_failed');
      },
    });
    this.group = new GroupDesk({
      api: this.#api,
      runner: this.#runner,
      transport,
      clock,
      ids,
      failed: (callId, code) => this.#notices.failure(callId, code),
      changed,
    });
    this.#channelCalls = new ChannelCalls({ transport, changed });
    this.links = createCallLinks({ api: this.#api, session: this.#session, transport });
    this.stage = {
      look: (callId, wanted) => this.#media.look(callId, wanted),
      setDataSaver: (on) => this.#media.setDataSaver(on),
      share: () => this.#media.share(),
      stopSharing: () => this.#media.stopSharing(),
    };
    this.chat = new ChatStore({ api: this.#api, transport, ids, clock, me: () => this.#session.user });
    this.#quiet = new QuietTime({ clock, serverTime, changed });
    this.account = createAccount({
      api: this.#api,
      session: this.#session,
      quiet: this.#quiet,
      reload: () => this.chat.reload(),
      addressHidden: () => this.#preparation.forget(),
    });
    this.#readMarks = new ReadMarks((ids) => this.#api.readNotifications(ids));
    this.#leader = leaderOf(locks, 'parley.ring-tone');
    unlisten.push(
      this.#leader.onChange(changed),
      this.#local.onChange(changed),
      this.#session.onChange(() => void this.#sessionChanged()),
      transport.onState(changed),
      transport.onMessage((message) => {
        if (message.t === 'presence') {
          this.#presence.apply(message);
          this.#changed();
        }
        if (message.t === 'welcome') {
          this.#keeper.welcomed();
          this.#cameFrom(message.address);
          void this.#readMarks.tell();
          this.#quiet.set(message.doNotDisturbUntil);
          void this.#session.rename(message.user);
        }
        if (message.t === 'person' && message.person.id === this.#userId) {
          this.#quiet.set(message.person.doNotDisturbUntil);
          void this.#session.rename(message.person);
        }
        if (message.t === 'ping') void this.#keeper.renewAhead();
      }),
      options.hints.onVisible(() => {
        transport.nudge();
        this.devices.cameToFront();
      }),
      options.hints.onHidden(() => this.#recorder.hidden()),
      options.hints.onLeave(() => this.#parting.withdraw()),
      options.hints.onNetwork((hint) => {
        transport.networkChanged(hint);
        this.#media.networkChanged();
      }),
    );
    this.#unlisten = unlisten;
    void this.#session.load();
  }

  snapshot(): ClientSnapshot {
    if (this.#snapshot === null) {
      this.#snapshot = shared(this.#drawn, this.#draw());
      this.#drawn = this.#snapshot;
    }
    return this.#snapshot;
  }

  get holdMs(): number {
    // Of an accept alone: what becomes of a call that is placed may be known sooner, and each step of it has to be seen.
    if (this.#calls.state.active?.isInitiator !== false) return 0;
    if (this.#media.entering) return ENTERING_MS;
    return this.#local.opening ? OPENING_MS : 0;
  }

  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  signIn(input: { email: string; password: string }): Promise<User> {
    return this.#session.signIn(input);
  }

  signUp(input: { email: string; password: string; displayName: string }): Promise<User> {
    return this.#session.signUp(input);
  }

  async signOut(): Promise<void> {
    if (this.#calls.state.active) await Promise.race([this.#parting.leave('hangup'), this.#after(1_500)]);
    await this.#session.signOut();
  }

  permission(source: CaptureSource): Promise<CapturePermission> {
    return this.#local.permission(source);
  }

  onPermission(sources: readonly CaptureSource[], listener: () => void): () => void {
    const { capture, devices } = this.#options;
    const off = [...sources.map((source) => capture.onPermission(source, listener)), devices.onChange(listener)];
    return () => {
      for (const stop of off) stop();
    };
  }

  async requestPermissions(sources: readonly CaptureSource[]): Promise<readonly PermissionProblem[]> {
    const problems = await this.#local.prepare(sources);
    this.#options.clock.clearTimeout(this.#preparedTimer);
    this.#preparedTimer = this.#options.clock.setTimeout(() => this.releasePermissions(), PREPARED_MS);
    return problems;
  }

  releasePermissions(): void {
    this.#options.clock.clearTimeout(this.#preparedTimer);
    if (!this.#local.inUse) this.#local.end();
  }

  startCall({ teamId, channelId, callType, userId }: Parameters<ParleyClient['startCall']>[0]): void {
    const people = [this.#colleague(teamId, userId)];
    void this.#desk.start({ teamId, channelId, callType, people, audioOnly: false });
  }

  prepareCall(): () => void {
    if (this.#calls.state.active || this.#userId === null) return () => undefined;
    return this.#preparation.open();
  }

  startGroup({ people, ...entry }: GroupStart): void {
    if (this.#calls.state.active) return;
    const { teamId, channelId, kind, camera } = entry;
    const rung = people.map((userId) => this.#colleague(teamId, userId));
    void this.#desk.start({ teamId, channelId, callType: `group_${kind}`, people: rung, audioOnly: !camera });
    this.#enter(entry);
  }

  joinCall(callId: string, entry: GroupEntry): void {
    const { active } = this.#calls.state;
    if (active) {
      // A link may have brought one in already, as the server knew best: now as it was chosen.
      if (active.callId !== callId) return;
      this.#local.setMuted(entry.muted);
      this.#media.setCamera(entry.camera);
      return;
    }
    const { teamId, channelId, kind, camera } = entry;
    void this.#desk.join({ callId, teamId, channelId, callType: `group_${kind}`, audioOnly: !camera });
    this.#enter(entry);
  }

  accept(callId: string, { audioOnly = false, others = 'end' }: AcceptOptions = {}): void {
    void this.#desk.accept(callId, audioOnly, others);
  }

  resume(callId: string): void {
    void this.#desk.resume(callId);
  }

  moveHere(callId: string): void {
    void this.#desk.moveHere(callId);
  }

  leaveHeld(callId: string): void {
    void this.#parting.leaveHeld(callId);
  }

  endCalls(): void {
    this.#parting.endAll();
  }

  decline(callId: string): void {
    void this.#desk.decline(callId);
  }

  cancel(): void {
    void this.#parting.leave('hangup');
  }

  leave(): void {
    void this.#parting.leave('hangup');
  }

  setMuted(muted: boolean): void {
    this.#local.setMuted(muted);
  }

  setCamera(on: boolean): void {
    this.#media.setCamera(on);
  }

  rate(callId: string, rating: Rating, reasons: readonly RatingReason[] = []): Promise<void> {
    return this.#recorder.rate(callId, rating, reasons);
  }

  dismissSummary(callId: string): void {
    this.#calls.put({ type: 'summary_dismissed', callId });
  }

  dismissNotice(id: string): void {
    this.#notices.dismiss(id);
  }

  history(wanted: HistoryQuery): Promise<Page<Call>> {
    return this.#api.calls(wanted);
  }

  callPeople(callId: string, wanted: PeopleQuery): Promise<Page<Participant>> {
    return this.#api.callPeople(callId, wanted);
  }

  async summary(callId: string): Promise<CallSummary | null> {
    const me = this.#session.user;
    if (!me) throw new ApiError('unauthenticated');
    const known = this.#calls.state.summaries.find((summary) => summary.callId === callId);
    return known ?? summaryOf(await this.#api.call(callId), me.id);
  }

  async markCallsRead(callIds?: readonly string[]): Promise<void> {
    const seen = unreadOf(this.#calls.state).filter(({ callId }) => callIds?.includes(callId) ?? true);
    const ids = seen.map(({ id }) => id);
    if (ids.length === 0) return;
    this.#calls.put({ type: 'inbox_read', ids, at: new Date(this.#serverTime.now()).toISOString() });
    await this.#readMarks.mark(ids);
  }

  dispose(): void {
    if (this.#disposed) return;
    this.#disposed = true;
    const { clock } = this.#options;
    for (const off of this.#unlisten) off();
    this.#notices.dispose();
    this.#keeper.dispose();
    this.#session.dispose();
    clock.clearTimeout(this.#preparedTimer);
    this.#leader.stop();
    this.#quiet.dispose();
    this.#media.dispose();
    this.#preparation.forget();
    this.#recorder.dispose();
    this.devices.dispose();
    this.#local.dispose();
    this.#news.dispose();
    this.#calls.dispose();
    this.group.dispose();
    this.#channelCalls.dispose();
    this.#runner.dispose();
    this.chat.dispose();
    this.#transport.stop();
    this.#listeners.clear();
    void this.#identity.then((identity) => identity.release());
  }

  #colleague(teamId: string, userId: UserId): User {
    const known = this.chat
      .snapshot()
      .members.get(teamId)
      ?.find(({ id }) => id === userId);
    return { id: userId, displayName: known?.displayName ?? '' };
  }

  /** The tap has opened the microphone, and a camera where the call has pictures: now as it was chosen before. */
  #enter({ kind, muted, camera }: GroupEntry): void {
    if (muted) this.#local.setMuted(true);
    if (camera && kind === 'audio') this.#local.setCamera(true);
  }

  #draw(): ClientSnapshot {
    const state = this.#calls.state;
    const missed = unreadOf(state).filter(({ type }) => type === 'missed');
    const { serverTime, local } = { serverTime: this.#serverTime, local: this.#local };
    const media = this.#media.state();
    return {
      session: this.#session.state,
      connection: this.#transport.state,
      stopped: this.#keeper.stopped,
      me: this.#session.user,
      isGuest: this.#session.isGuest,
      incoming: incomingOf(state, this.#leader.isLeader && !this.#quiet.on),
      active: activeOf(state, {
        media,
        local: local.state(),
        passing: this.group.passing,
        sharing: { possible: media.canShare, own: media.ownScreen, screens: media.screens, speakers: media.speakers },
        dataSaver: media.dataSaver,
        toLocal: (instant) => serverTime.toLocal(instant),
      }),
      others: othersOfState(state),
      channelCalls: this.#channelCalls.running,
      summaries: state.summaries,
      notices: state.notices,
      presence: this.#presence.all(),
      unreadCalls: missed.length,
      unseenCalls: missed.map(({ callId }) => callId),
      doNotDisturb: this.#quiet.on,
      measured: this.#recorder.figures,
    };
  }

  /** What rings here. Of several tabs, which are one device to the media server, the one that leads goes into a group ahead. */
  #expected(): Expected | null {
    const { rings, views } = this.#calls.state;
    const ring = rings.find(({ callType }) => this.#leader.isLeader || !isGroupType(callType));
    if (!ring) return null;
    const view = views.get(ring.callId)?.view ?? null;
    const engine = view?.call.mediaEngine ?? (isGroupType(ring.callType) ? 'livekit' : 'p2p');
    // In a mesh nobody connects with a device that rings: there is nothing to begin.
    if (engine === 'p2p' && isGroupType(ring.callType)) return null;
    return { callId: ring.callId, engine, epoch: view?.call.mediaEpoch ?? 1, view };
  }

  /** Where the socket comes from another address than before, the media's paths have lost their ends too, whatever the platform says. */
  #cameFrom(address: string | undefined): void {
    const before = this.#address;
    this.#address = address ?? null;
    if (before !== null && address !== undefined && before !== address) this.#media.networkChanged();
  }

  #changed(): void {
    this.#snapshot = null;
    for (const listener of [...this.#listeners]) listener();
  }

  #callsChanged(): void {
    const { active, self } = this.#calls.state;
    this.#media.follow(active, this.#calls.activeView, self, this.#calls.heldViews);
    this.#media.expect(this.#expected(), self);
    this.group.follow(active?.callId ?? null, active?.seated === true && isGroupType(active.callType));
    this.#notices.follow();
    this.#changed();
  }

  async #sessionChanged(): Promise<void> {
    const { user } = this.#session;
    const person = user?.id ?? null;
    if (person === this.#userId) {
      await this.#keeper.tokenChanged();
      return this.#changed();
    }
    const before = this.#userId;
    this.#userId = person;
    this.#parting.sayFarewell();
    this.#transport.stop();
    this.#preparation.forget();
    this.#presence.clear();
    this.#runner.forget();
    this.#given.forget();
    this.#readMarks.forget();
    // After a reload nobody has gone: what the page before it measured is gone on with.
    if (before !== null) this.#recorder.forget();
    this.chat.reset();
    this.#channelCalls.clear();
    this.#quiet.set(null);
    this.#keeper.reset();
    if (!user) {
      this.#calls.identify(null);
      return this.#changed();
    }
    const { deviceId, instanceId } = await this.#identity;
    // Somebody else may have signed in meanwhile.
    if (this.#disposed || this.#session.user?.id !== user.id) return;
    this.#calls.identify({ user, deviceId, instanceId });
    this.#transport.start();
    await this.#keeper.renewAhead();
    this.#changed();
  }

  #after(ms: number): Promise<void> {
    return new Promise((resolve) => this.#options.clock.setTimeout(resolve, ms));
  }
}

const wsOf = (baseUrl: string): string => baseUrl.replace(/^http/, 'ws').replace(/\/+$/, '');
const socketUrlOf = (baseUrl: string): string => `${wsOf(baseUrl)}/api/realtime`;

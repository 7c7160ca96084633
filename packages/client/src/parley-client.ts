import { isGroupType, type UserId } from '@parley/domain';
import type { Call, HistoryQuery, Participant, PeopleQuery, Rating, RatingReason, User } from '@parley/protocol';
import { ApiError } from './api/api-error.ts';
import { Http } from './api/http.ts';
import { type Page, ParleyApi } from './api/parley-api.ts';
import { CallDesk } from './calls/call-desk.ts';
import { CallNews } from './calls/call-news.ts';
import { CallStore } from './calls/call-store.ts';
import { inboxToResume, unreadOf } from './calls/change.ts';
import { ChannelCalls } from './calls/channel-calls.ts';
import { GroupDesk } from './calls/group-desk.ts';
import { NoticeBoard } from './calls/notice-board.ts';
import { Parting } from './calls/parting.ts';
import { ReadMarks } from './calls/read-marks.ts';
import { activeOf, incomingOf, othersOfState } from './calls/snapshot.ts';
import { summaryOf } from './calls/summary.ts';
import { ChatStore } from './chat/chat-store.ts';
import { Presence } from './chat/presence.ts';
import { CommandRunner } from './commands/command-runner.ts';
import { Drawing } from './drawing.ts';
import { type CallLinks, createCallLinks } from './links/call-links.ts';
import { expectedOf } from './media/ahead-path.ts';
import { CallMedia } from './media/call-media.ts';
import { CallPreparation } from './media/call-preparation.ts';
import { DeviceKeeper } from './media/device-desk.ts';
import { DevicesAhead } from './media/devices-ahead.ts';
import { GivenCredentials } from './media/given-credentials.ts';
import { LocalMedia } from './media/local-media.ts';
import { ScreenShare } from './media/screen-share.ts';
import type { CallSummary, ClientSnapshot, PermissionProblem } from './model.ts';
import type { ParleyClientOptions } from './options.ts';
import type { CapturePermission, CaptureSource } from './ports/capture.ts';
import { type Leader, leaderOf } from './ports/locks.ts';
import type { SignallingTransport } from './ports/signalling-transport.ts';
import { CallRecorder } from './quality/call-recorder.ts';
import { type Account, createAccount } from './session/account.ts';
import { AuthSession } from './session/auth-session.ts';
import { ConnectionKeeper } from './session/connection-keeper.ts';
import { type Identity, loadIdentity } from './session/identity.ts';
import { QuietTime } from './session/quiet-time.ts';
import type { AcceptOptions, GroupEntry, GroupStart, ParleyClient, StageActions } from './surface.ts';
import { ServerTime } from './time/server-time.ts';
import { WebSocketTransport } from './transport/websocket-transport.ts';

/** How long screens wait, in milliseconds: for a microphone and a camera on a slow machine, and still one answer to one tap. */
const OPENING_MS = 250;
/** For the first sound of a group, whose page takes a slow machine longer to draw than the way into it. */
const ENTERING_MS = 1_500;

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
  readonly #ahead: DevicesAhead;
  readonly #recorder: CallRecorder;
  readonly #media: CallMedia;
  readonly #preparation: CallPreparation;
  readonly #leader: Leader;
  readonly #presence = new Presence();
  readonly #quiet: QuietTime;
  readonly #readMarks: ReadMarks;
  readonly #serverTime: ServerTime;
  readonly #drawing = new Drawing(() => this.#draw());
  readonly #unlisten: (() => void)[];
  #userId: UserId | null = null;
  #address: string | null = null;
  #disposed = false;

  constructor(options: ParleyClientOptions) {
    this.#options = options;
    const { clock, ids, random, locks, storage } = options;
    const changed = () => this.#drawing.changed();
    const serverTime = new ServerTime(clock);
    this.#serverTime = serverTime;
    const http = new Http(options.baseUrl, options.fetch, clock);
    const session = new AuthSession({ http, storage, locks, clock, serverTime });
    this.#session = session;
    this.#identity = loadIdentity({ storage, instanceStorage: options.instanceStorage, locks, ids });
    const api = new ParleyApi({ http, session, ids, identity: () => this.#identity });
    this.#api = api;
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
      session,
      identity: () => this.#identity,
      clock,
      transport: () => transport,
      resume: () => ({ calls: calls.versions(), inbox: inboxToResume(calls.state) }),
      changed,
    });
    const unlisten: (() => void)[] = [];
    // First of all listeners: the others reckon with the server's time.
    unlisten.push(
      transport.onMessage((message) => {
        if (message.t === 'welcome') serverTime.observe(Date.parse(message.serverTime), true);
        if (message.t === 'ping') serverTime.observe(Date.parse(message.at));
      }),
    );
    const runner = new CommandRunner({ transport, api, clock, ids, random });
    this.#runner = runner;
    this.#given = new GivenCredentials({
      transport,
      clock,
      absolute: (path) => `${wsOf(options.baseUrl)}${path}`,
    });
    unlisten.push(() => this.#given.dispose());
    const local = new LocalMedia(options.capture);
    this.#local = local;
    const { capture, devices } = options;
    this.#ahead = new DevicesAhead({ capture, devices, local, clock });
    const calls = new CallStore({
      serverTime,
      clock,
      changed: () => this.#callsChanged(),
      returning: (entry) => void this.#desk.comeBack(entry),
    });
    this.#calls = calls;
    this.#notices = new NoticeBoard(calls, clock);
    const parting = new Parting({ calls, api, runner, transport, serverTime, clock, ids });
    this.#parting = parting;
    this.#news = new CallNews({
      calls,
      parting,
      api,
      transport,
      serverTime,
      silenced: () => local.setMuted(true),
    });
    this.#desk = new CallDesk({
      calls,
      parting,
      api,
      runner,
      serverTime,
      clock,
      ids,
      seating: (callId, answer) => this.#given.expect(callId, answer),
      look: (callId) => this.#news.look(callId),
    });
    this.#recorder = new CallRecorder({
      api,
      clock,
      storage: options.instanceStorage,
      deviceType: options.deviceType ?? null,
      changed,
    });
    this.devices = new DeviceKeeper({
      devices,
      levels: options.levels,
      local,
      storage,
      clock,
      news: (news) => this.#notices.device(news),
    });
    this.#preparation = new CallPreparation({
      clock,
      serverTime,
      connections: options.connectionsAhead ?? null,
      fetch: () => api.iceServers(),
      microphoneIsGranted: async () => (await local.permission('microphone')) === 'granted',
    });
    this.#media = new CallMedia({
      preparation: this.#preparation,
      engines: options.engines,
      api,
      runner,
      transport,
      given: this.#given,
      local,
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
        void parting.leave('media_failed');
      },
    });
    this.group = new GroupDesk({
      api,
      runner,
      transport,
      clock,
      ids,
      failed: (callId, code) => this.#notices.failure(callId, code),
      changed,
    });
    this.#channelCalls = new ChannelCalls({ transport, changed });
    this.links = createCallLinks({ api, session, transport });
    this.stage = {
      look: (callId, wanted) => this.#media.look(callId, wanted),
      setDataSaver: (on) => this.#media.setDataSaver(on),
      share: () => this.#media.share(),
      stopSharing: () => this.#media.stopSharing(),
    };
    this.chat = new ChatStore({ api, transport, ids, clock, me: () => session.user });
    this.#quiet = new QuietTime({ clock, serverTime, changed });
    this.account = createAccount({
      api,
      session,
      quiet: this.#quiet,
      reload: () => this.chat.reload(),
      addressHidden: () => this.#preparation.forget(),
    });
    this.#readMarks = new ReadMarks((ids) => api.readNotifications(ids));
    this.#leader = leaderOf(locks, 'parley.ring-tone');
    unlisten.push(
      this.#leader.onChange(changed),
      local.onChange(changed),
      session.onChange(() => void this.#sessionChanged()),
      transport.onState(changed),
      transport.onMessage((message) => {
        if (message.t === 'presence') {
          this.#presence.apply(message);
          changed();
        }
        if (message.t === 'welcome') {
          this.#keeper.welcomed();
          this.#cameFrom(message.address);
          void this.#readMarks.tell();
          this.#quiet.set(message.doNotDisturbUntil);
          void session.rename(message.user);
        }
        if (message.t === 'person' && message.person.id === this.#userId) {
          this.#quiet.set(message.person.doNotDisturbUntil);
          void session.rename(message.person);
        }
        if (message.t === 'ping') void this.#keeper.renewAhead();
      }),
      options.hints.onVisible(() => {
        transport.nudge();
        this.devices.cameToFront();
      }),
      options.hints.onHidden(() => this.#recorder.hidden()),
      options.hints.onLeave(() => parting.withdraw()),
      options.hints.onNetwork((hint) => {
        transport.networkChanged(hint);
        this.#media.networkChanged();
      }),
    );
    this.#unlisten = unlisten;
    void session.load();
  }

  snapshot(): ClientSnapshot {
    return this.#drawing.snapshot();
  }

  get holdMs(): number {
    // Of an accept alone: what becomes of a call that is placed may be known sooner, and each step of it has to be seen.
    if (this.#calls.state.active?.isInitiator !== false) return 0;
    if (this.#media.entering) return ENTERING_MS;
    return this.#local.opening ? OPENING_MS : 0;
  }

  subscribe(listener: () => void): () => void {
    return this.#drawing.subscribe(listener);
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
    return this.#ahead.onPermission(sources, listener);
  }

  requestPermissions(sources: readonly CaptureSource[]): Promise<readonly PermissionProblem[]> {
    return this.#ahead.request(sources);
  }

  releasePermissions(): void {
    this.#ahead.release();
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
    for (const off of this.#unlisten) off();
    this.#notices.dispose();
    this.#keeper.dispose();
    this.#session.dispose();
    this.#ahead.dispose();
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
    this.#drawing.dispose();
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
    const { state } = this.#calls;
    const missed = unreadOf(state).filter(({ type }) => type === 'missed');
    const serverTime = this.#serverTime;
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
        local: this.#local.state(),
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

  /** Where the socket comes from another address than before, the media's paths have lost their ends too, whatever the platform says. */
  #cameFrom(address: string | undefined): void {
    const before = this.#address;
    this.#address = address ?? null;
    if (before !== null && address !== undefined && before !== address) this.#media.networkChanged();
  }

  #callsChanged(): void {
    const { active, self } = this.#calls.state;
    this.#media.follow(active, this.#calls.activeView, self, this.#calls.heldViews);
    this.#media.expect(expectedOf(this.#calls.state, this.#leader.isLeader), self);
    this.group.follow(active?.callId ?? null, active?.seated === true && isGroupType(active.callType));
    this.#notices.follow();
    this.#drawing.changed();
  }

  async #sessionChanged(): Promise<void> {
    const { user } = this.#session;
    const person = user?.id ?? null;
    if (person === this.#userId) {
      await this.#keeper.tokenChanged();
      return this.#drawing.changed();
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
      return this.#drawing.changed();
    }
    const { deviceId, instanceId } = await this.#identity;
    // Somebody else may have signed in meanwhile.
    if (this.#disposed || this.#session.user?.id !== user.id) return;
    this.#calls.identify({ user, deviceId, instanceId });
    this.#transport.start();
    await this.#keeper.renewAhead();
    this.#drawing.changed();
  }

  #after(ms: number): Promise<void> {
    return new Promise((resolve) => this.#options.clock.setTimeout(resolve, ms));
  }
}

const wsOf = (baseUrl: string): string => baseUrl.replace(/^http/, 'ws').replace(/\/+$/, '');
const socketUrlOf = (baseUrl: string): string => `${wsOf(baseUrl)}/api/realtime`;

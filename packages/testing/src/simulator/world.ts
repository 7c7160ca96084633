import { seededRandom } from '../random.ts';
import { Device, type Person, type Tab } from './device.ts';
import { FanoutBus } from './fanout-bus.ts';
import { MemoryLedger } from './ledger/memory-database.ts';
import { LIVE } from './ledger/records.ts';
import { keyOf } from './ledger/tables.ts';
import { MediaWorld } from './media-world.ts';
import { Network, type NetworkEnd, type Way } from './network.ts';
import type { Deed, Plan } from './plan.ts';
import { Scheduler } from './scheduler.ts';
import { SETTINGS, ServerNode } from './server-node.ts';

const START = Date.parse('2026-11-27T12:00:00.000Z');
/** So long at most a client does not notice that its socket leads nowhere, and some time to come back. */
const UNNOTICED_MS = SETTINGS.heartbeatMs + SETTINGS.leaseMs + 5_000;
/** So long at most a message is on its way. */
const LONGEST_MS = 1_000;
/** Between two looks of a kill at whether the node has told what it has committed. */
const IDLE_LOOK_MS = 1;
const NAMES = ['Ada', 'Grace', 'Linus', 'Margaret'] as const;

export interface WorldOptions {
  /**
   * A node that is killed may have committed what it has told nobody, and what nodes tell each other may get lost: so it is, unless
   * this is set.
   */
  readonly gentle?: boolean;
  onFault(text: string): void;
  /** Every text that arrives at a client. */
  heard(end: NetworkEnd, text: string): void;
  said(end: NetworkEnd, text: string): void;
  done(deed: Deed): void;
}

/** People, devices, nodes, and one ledger. */
export class World {
  readonly plan: Plan;
  readonly scheduler: Scheduler;
  readonly ledger: MemoryLedger;
  readonly network: Network;
  readonly media: MediaWorld;
  readonly people: readonly Person[];
  readonly devices: Device[] = [];
  readonly tabs: Tab[] = [];
  readonly teamId: string;
  readonly channelId: string;
  /** When the newest disturbance was over; it may lie ahead. */
  troubledUntil = START;
  /** By person: when they last tapped something, and how often they wanted to begin a call. */
  readonly tappedAt = new Map<string, number>();
  readonly wishes = new Map<string, number>();
  readonly #options: WorldOptions;
  readonly #random: () => number;
  /** The ways between nodes. */
  readonly #redis: FanoutBus;
  readonly #postgres: FanoutBus;
  readonly #nodes: ServerNode[] = [];
  readonly #nodeSkews: number[] = [];
  readonly #ways = new Map<string, Way>();
  #slowUntil = 0;

  /** Made within `withSeededPlatform`. */
  constructor(plan: Plan, options: WorldOptions) {
    this.plan = plan;
    this.#options = options;
    const stream = (n: number) => seededRandom(plan.seed * 8 + n);
    this.#random = stream(1);
    const random = this.#random;
    this.scheduler = new Scheduler(START, stream(2));
    const { scheduler } = this;
    this.ledger = new MemoryLedger({
      now: () => scheduler.now(),
      uuid: () => crypto.randomUUID(),
      pause: async () => undefined,
    });
    const weather = {
      delay: () => this.#delay(),
      twice: () => random() < 0.05,
      lost: () => options.gentle !== true && random() < 0.05,
    };
    this.#redis = new FanoutBus(scheduler, weather);
    this.#postgres = new FanoutBus(scheduler, weather);
    this.network = new Network({
      scheduler,
      weather: {
        delay: () => this.#delay(),
        pick: (count) => Math.floor(random() * count),
        chance: (share) => random() < share,
      },
      nodes: () => this.#nodes,
      wayOf: (key) => this.#ways.get(key) ?? 'open',
      heard: options.heard,
      said: options.said,
    });
    this.media = new MediaWorld(scheduler);
    this.media.reaches = (from, to) => this.#packetsPass(from) && this.#packetsPass(to);
    this.people = plan.devices.map((_, n) => ({ id: crypto.randomUUID(), displayName: NAMES[n] ?? `Person ${n}` }));
    this.teamId = crypto.randomUUID();
    this.channelId = crypto.randomUUID();
    this.#seedTables();
    let device = 0;
    for (const [n, count] of plan.devices.entries()) {
      for (let own = 0; own < count; own += 1) this.#addDevice(n, device++);
    }
  }

  get nodes(): readonly ServerNode[] {
    return this.#nodes;
  }

  async open(): Promise<void> {
    for (let n = 0; n < this.plan.nodes; n += 1) {
      this.#nodeSkews.push(Math.round((this.#random() - 0.5) * 600));
      this.#startNode(n);
    }
    for (const [n, device] of this.devices.entries()) if (!this.plan.off.includes(n)) this.tabs.push(device.open());
    for (const { at, deed } of this.plan.steps) this.scheduler.after(at + SETTLED_MS, () => this.#perform(deed));
  }

  /** Everything works again. */
  heal(): void {
    this.#slowUntil = 0;
    this.#ways.clear();
    this.#redis.setBroken(false);
    for (const [n, node] of this.#nodes.entries()) {
      node.db.mend();
      this.#postgres.look();
      if (!node.alive) this.#startNode(n);
    }
  }

  get hasLiveCalls(): boolean {
    return [...this.ledger.tables.calls.rows.values()].some(({ status }) => LIVE.has(status));
  }

  now(): number {
    return this.scheduler.now();
  }

  #perform(deed: Deed): void {
    this.#options.done(deed);
    if ('tab' in deed) this.#noteTap(deed);
    switch (deed.do) {
      case 'call': {
        const person = this.people[deed.person];
        const client = this.#clientOf(deed.tab);
        if (!client || !person || this.#tab(deed.tab)?.device.person === person) return;
        const callType = deed.video ? 'video' : 'audio';
        client.startCall({ teamId: this.teamId, channelId: null, callType, userId: person.id });
        return;
      }
      case 'group': {
        const me = this.#tab(deed.tab)?.device.person;
        const people = deed.people.flatMap((n) => this.people[n]?.id ?? []).filter((id) => id !== me?.id);
        if (people.length === 0 && !deed.inChannel) return;
        const channelId = deed.inChannel ? this.channelId : null;
        this.#clientOf(deed.tab)?.startGroup({
          teamId: this.teamId,
          channelId,
          kind: 'audio',
          muted: false,
          camera: false,
          people,
        });
        return;
      }
      case 'accept':
      case 'decline': {
        const client = this.#clientOf(deed.tab);
        const ring = client?.snapshot().incoming[0]?.ring;
        if (!client || !ring) return;
        if (deed.do === 'accept') client.accept(ring.callId);
        else client.decline(ring.callId);
        return;
      }
      case 'move here': {
        const client = this.#clientOf(deed.tab);
        const other = client?.snapshot().others.find(({ movable }) => movable);
        if (other) client?.moveHere(other.callId);
        return;
      }
      case 'hang up':
        this.#clientOf(deed.tab)?.leave();
        return;
      case 'end for all':
        this.#clientOf(deed.tab)?.group.endForEveryone();
        return;
      case 'hand':
        this.#clientOf(deed.tab)?.group.raiseHand(true);
        return;
      case 'mute':
      case 'unmute':
        this.#clientOf(deed.tab)?.setMuted(deed.do === 'mute');
        return;
      case 'invite':
      case 'remove':
      case 'mute other': {
        const group = this.#clientOf(deed.tab)?.group;
        const id = this.people[deed.person]?.id;
        if (!group || id === undefined || this.#tab(deed.tab)?.device.person.id === id) return;
        if (deed.do === 'invite') group.invite([id]);
        else if (deed.do === 'remove') group.remove(id);
        else group.mute(id);
        return;
      }
      default:
        this.#befall(deed);
    }
  }

  #noteTap(deed: Extract<Deed, { readonly tab: number }>): void {
    const id = this.#tab(deed.tab)?.device.person.id;
    if (id === undefined) return;
    this.tappedAt.set(id, this.now());
    if (deed.do === 'call' || deed.do === 'group') this.wishes.set(id, (this.wishes.get(id) ?? 0) + 1);
  }

  #befall(
    deed: Extract<
      Deed,
      {
        do:
          | 'cut'
          | 'drop'
          | 'kill'
          | 'restart'
          | 'lose database'
          | 'lose redis'
          | 'slow'
          | 'reload'
          | 'close'
          | 'crash'
          | 'open tab'
          | 'switch on';
      }
    >,
  ): void {
    const { scheduler } = this;
    switch (deed.do) {
      case 'cut': {
        const key = this.devices[deed.device]?.key;
        if (key === undefined) return;
        this.#trouble(deed.ms + (deed.how === 'silent' ? UNNOTICED_MS : 0));
        this.#ways.set(key, deed.how);
        this.network.cut(key, deed.how);
        scheduler.after(deed.ms, () => this.#ways.delete(key));
        return;
      }
      case 'drop': {
        const key = this.devices[deed.device]?.key;
        this.#trouble(deed.how === 'silent' ? UNNOTICED_MS : 0);
        if (key !== undefined) this.network.cut(key, deed.how);
        return;
      }
      case 'kill':
        this.#trouble(deed.ms);
        this.#kill(deed.node, deed.ms);
        return;
      case 'restart':
        this.#trouble(deed.ms);
        void this.#restart(deed.node, deed.ms);
        return;
      case 'lose database': {
        const db = this.#nodes[deed.node]?.db;
        this.#trouble(deed.ms);
        db?.cut();
        this.#postgres.look();
        scheduler.after(deed.ms, () => {
          db?.mend();
          this.#postgres.look();
        });
        return;
      }
      case 'lose redis':
        this.#trouble(deed.ms);
        this.#redis.setBroken(true);
        scheduler.after(deed.ms, () => this.#redis.setBroken(false));
        return;
      case 'slow':
        this.#trouble(deed.ms + LONGEST_MS);
        this.#slowUntil = this.now() + deed.ms;
        return;
      case 'reload':
        this.#trouble(0);
        this.#tab(deed.tab)?.stop('crashed');
        scheduler.after(50, () => this.#tab(deed.tab)?.start());
        return;
      case 'close':
        this.#trouble(0);
        this.#tab(deed.tab)?.stop('closed');
        return;
      case 'crash':
        this.#trouble(deed.ms ?? 0);
        this.#tab(deed.tab)?.stop('crashed', deed.silently);
        if (deed.ms !== null) scheduler.after(deed.ms, () => this.#tab(deed.tab)?.start());
        return;
      case 'open tab': {
        const device = this.devices[deed.device];
        if (device?.tabs.length === 1) this.tabs.push(device.open());
        return;
      }
      case 'switch on': {
        const device = this.devices[deed.device];
        if (device?.tabs.length === 0) this.tabs.push(device.open());
      }
    }
  }

  #tab(device: number): Tab | undefined {
    return this.devices[device]?.tabs[0];
  }

  #clientOf(device: number) {
    return this.#tab(device)?.client ?? undefined;
  }

  #trouble(ms: number): void {
    this.troubledUntil = Math.max(this.troubledUntil, this.now() + ms);
  }

  #kill(n: number, ms: number): void {
    const node = this.#nodes[n];
    if (!node?.alive) return;
    node.ready = false;
    if (this.#options.gentle === true && !node.db.idle) {
      this.scheduler.after(IDLE_LOOK_MS, () => this.#kill(n, ms), node);
      return;
    }
    node.kill();
    this.network.nodeDied(node);
    this.#forget(node);
    this.scheduler.after(ms, () => {
      if (this.#nodes[n] === node) this.#startNode(n);
    });
  }

  async #restart(n: number, ms: number): Promise<void> {
    const node = this.#nodes[n];
    if (!node?.ready) return;
    await node.stop();
    // Its program ends some time after.
    this.scheduler.after(ms, () => {
      if (!node.alive) return;
      node.kill();
      this.#forget(node);
      if (this.#nodes[n] === node) this.#startNode(n);
    });
  }

  #forget({ life }: ServerNode): void {
    this.#redis.forget(life);
    this.#postgres.forget(life);
  }

  #startNode(n: number): void {
    const { scheduler } = this;
    const life = { alive: true };
    const db = this.ledger.connect((kind) => {
      if (kind === 'statement' && this.#random() < 0.6) return Promise.resolve();
      return scheduler.pause(this.#databaseDelay(kind), life);
    });
    const node = new ServerNode({
      name: `node ${n}`,
      life,
      scheduler,
      db,
      paths:
        this.plan.nodes > 1
          ? { redis: this.#redis.path(life), postgres: this.#postgres.path(life, () => db.reachable) }
          : null,
      skewMs: this.#nodeSkews[n] ?? 0,
      onFault: this.#options.onFault,
    });
    this.#nodes[n] = node;
    node.start().catch(() => {
      // Without its database it cannot begin: whoever runs it starts it again.
      node.kill();
      this.#forget(node);
      scheduler.after(500, () => this.#startNode(n));
    });
  }

  #addDevice(person: number, n: number): void {
    const who = this.people[person];
    if (!who) throw new Error('a device of nobody');
    this.devices.push(
      new Device({
        key: `${who.displayName} ${n}`,
        person: who,
        scheduler: this.scheduler,
        network: this.network,
        media: this.media,
        random: this.#random,
        skewMs: this.plan.skews[n] ?? 0,
      }),
    );
  }

  #seedTables(): void {
    const { people, teams, members, channels } = this.ledger.tables;
    teams.rows.set(this.teamId, { name: 'Acme' });
    channels.rows.set(this.channelId, { teamId: this.teamId });
    for (const { id, displayName } of this.people) {
      people.rows.set(id, { displayName });
      members.rows.set(keyOf(this.teamId, id), { teamId: this.teamId, userId: id });
    }
  }

  #packetsPass(instanceId: string): boolean {
    const tab = this.tabs.find((one) => one.instanceId === instanceId);
    return tab !== undefined && (this.#ways.get(tab.device.key) ?? 'open') === 'open';
  }

  /** One way through the network: mostly fast, now and then not. */
  #delay(): number {
    const slow = this.now() < this.#slowUntil ? 20 : 1;
    const long = this.#random() < 0.03;
    // What takes long anyhow does not take many times as long: all that is sent after it on its socket waits behind it.
    return long ? 100 + this.#random() * 900 : (1 + this.#random() * 30) * slow;
  }

  #databaseDelay(kind: 'round trip' | 'statement'): number {
    const slow = this.now() < this.#slowUntil ? 30 : 1;
    if (kind === 'statement') return this.#random() * slow;
    return this.#random() < 0.02 ? 20 + this.#random() * 200 : (0.2 + this.#random() * 2) * slow;
  }
}

/** Until everybody who is there at the beginning is connected. */
export const SETTLED_MS = 2_000;

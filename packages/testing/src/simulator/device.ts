import { createParleyClient, type Fetch, type ParleyClient } from '@parley/client';
import { FakeCapture } from '../fake-capture.ts';
import { FakeDevices } from '../fake-devices.ts';
import { FakeLockManager } from '../fake-locks.ts';
import { MemoryStore } from '../memory-store.ts';
import { type MediaWorld, SimulatedEngine } from './media-world.ts';
import type { Network, NetworkEnd } from './network.ts';
import { responseOf } from './rest-door.ts';
import { NOBODY, type Scheduler } from './scheduler.ts';

export interface Person {
  readonly id: string;
  readonly displayName: string;
}

interface DeviceOptions {
  readonly key: string;
  readonly person: Person;
  readonly scheduler: Scheduler;
  readonly network: Network;
  readonly media: MediaWorld;
  readonly random: () => number;
  /** By how much the device's clock is off. */
  readonly skewMs: number;
}

/** An installation of the app: what it keeps, and the copies of it that run. */
export class Device {
  readonly key: string;
  readonly person: Person;
  readonly deviceId: string;
  readonly tabs: Tab[] = [];
  readonly options: DeviceOptions;
  readonly storage: MemoryStore;
  readonly locks: FakeLockManager;

  constructor(options: DeviceOptions) {
    const { key, person, scheduler } = options;
    this.key = key;
    this.person = person;
    this.options = options;
    this.deviceId = crypto.randomUUID();
    const session = {
      accessToken: person.id,
      refreshToken: `refresh-${person.id}`,
      expiresAt: new Date(scheduler.now() + 86_000_000).toISOString(),
      user: person,
    };
    this.storage = new MemoryStore([
      ['parley.device', this.deviceId],
      ['parley.session', JSON.stringify(session)],
    ]);
    this.locks = new FakeLockManager(scheduler.timers(NOBODY));
  }

  open(): Tab {
    const tab = new Tab(this);
    this.tabs.push(tab);
    tab.start();
    return tab;
  }
}

/** One life of a running copy. */
class Life implements NetworkEnd {
  alive = true;
  readonly deviceKey: string;
  readonly tab: Tab;

  constructor(tab: Tab) {
    this.tab = tab;
    this.deviceKey = tab.device.key;
  }
}

/** A running copy of the app: after a reload the same instance, with nothing in its memory. */
export class Tab {
  readonly device: Device;
  readonly instanceId: string;
  readonly #instanceStorage: MemoryStore;
  #life: Life | null = null;
  #client: ParleyClient | null = null;
  #releaseLocks: () => void = () => undefined;
  /** When it stopped, by the scheduler; null while it runs. */
  deadSince: number | null = null;

  constructor(device: Device) {
    this.device = device;
    this.instanceId = crypto.randomUUID();
    this.#instanceStorage = new MemoryStore([['parley.instance', this.instanceId]]);
  }

  /** Null while it does not run. */
  get client(): ParleyClient | null {
    return this.#client;
  }

  get life(): NetworkEnd | null {
    return this.#life;
  }

  start(): void {
    if (this.#life) return;
    const { scheduler, network, media, random, skewMs } = this.device.options;
    const life = new Life(this);
    const locks = this.device.locks.tab();
    this.#life = life;
    this.#releaseLocks = locks.close;
    this.deadSince = null;
    this.#client = createParleyClient({
      baseUrl: 'http://parley.test',
      fetch: callsAlone(network.fetcher(life)),
      socket: network.connector(life),
      storage: this.device.storage.tab(),
      instanceStorage: this.#instanceStorage,
      locks: locks.locks,
      clock: scheduler.timers(life, skewMs),
      ids: { uuid: () => crypto.randomUUID() },
      random,
      capture: new FakeCapture(),
      devices: new FakeDevices(),
      levels: null,
      engines: { p2p: (signalling) => new SimulatedEngine(media, life, this.instanceId, signalling) },
      hints: { onVisible: () => noop, onNetwork: () => noop, onHidden: () => noop, onLeave: () => noop },
    });
  }

  /** The page is closed, and had the time to say so; or it crashed, and the network may not notice. */
  stop(how: 'closed' | 'crashed', silently = false): void {
    const life = this.#life;
    if (!life) return;
    if (how === 'closed') this.#client?.dispose();
    life.alive = false;
    this.device.options.network.endDied(life, silently);
    this.#releaseLocks();
    this.#life = null;
    this.#client = null;
    this.deadSince = this.device.options.scheduler.now();
  }
}

/** The chat and the figures of the media are no part of this: to the client its person is in no team. */
const callsAlone =
  (fetch: Fetch): Fetch =>
  async (url, init) => {
    if (/\/api\/(?:teams|channels)|\/messages$/.test(url)) {
      return responseOf({ status: 200, headers: new Headers(), text: JSON.stringify({ items: [], nextCursor: null }) });
    }
    return url.endsWith('/metrics') ? responseOf({ status: 204, headers: new Headers(), text: '' }) : fetch(url, init);
  };

const noop = () => undefined;

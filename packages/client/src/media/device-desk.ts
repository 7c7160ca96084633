import type { DeviceNews, DeviceSnapshot, DevicesSnapshot } from '../model.ts';
import type { CaptureProblem, CaptureSource } from '../ports/capture.ts';
import type { Devices, LevelMeter, MediaDevice } from '../ports/devices.ts';
import type { Clock, KeyValueStore } from '../ports/platform.ts';
import {
  chosenOf,
  DEVICE_ROLES,
  type DeviceRole,
  type DeviceWishes,
  defaultMark,
  defaultName,
  findWished,
  kindOfRole,
  NO_WISHES,
  optionsOf,
  otherCamera,
  parseWishes,
} from './device-choice.ts';
import type { LocalMedia } from './local-media.ts';

/** Which devices there are, which of them are used, and the choice. It is kept for this installation. */
export interface DeviceDesk {
  /** The same object until something has changed. */
  snapshot(): DevicesSnapshot;
  subscribe(listener: () => void): () => void;
  /** At once, in mid-call too; null for the system's default. Does nothing for a device that is not there. */
  choose(role: DeviceRole, deviceId: string | null): void;
  /** From the camera in front to the one at the back and the other way round; does nothing where there is but one. */
  flipCamera(): void;
  /** Somebody looks at the devices: until the returned function is called, changes are looked for. */
  watch(): () => void;
  /** Opens a source outside of a call, to try it. @returns how to end it */
  try(source: CaptureSource): () => void;
  /** How loud the open microphone is: 0 to 1. Null where the platform cannot tell. @returns how to stop */
  readonly onLevel: ((heard: (level: number) => void) => () => void) | null;
  /** The platform refused to send sound to the chosen device: it goes to the default until somebody chooses again. */
  outputRefused(role: 'speaker' | 'ring'): void;
}

interface DeviceDeskDeps {
  readonly devices: Devices;
  readonly levels: LevelMeter | null;
  readonly local: LocalMedia;
  readonly storage: KeyValueStore;
  readonly clock: Clock;
  /** To be said during a call. */
  news(news: DeviceNews): void;
}

const KEY = 'parley.devices';
/**
 * Milliseconds between two looks during a call. `devicechange` is a hint only: Chromium on Linux does not speak of what comes and
 * goes over Bluetooth, and ends the track of a device that is gone no sooner than somebody looks.
 */
const LOOK_MS = 2_000;
/** What another device, or the end of another program, may mend. */
const MENDED_BY_DEVICES: readonly CaptureProblem[] = ['no_device', 'in_use'];
const MENDED_BY_CHOICE: readonly CaptureProblem[] = ['no_device', 'in_use', 'blocked'];
const MENDED_ELSEWHERE: readonly CaptureProblem[] = ['in_use', 'blocked'];
const SOURCES = ['microphone', 'camera'] as const satisfies readonly CaptureSource[];

export class DeviceKeeper implements DeviceDesk {
  readonly onLevel: DeviceDesk['onLevel'];
  readonly #deps: DeviceDeskDeps;
  readonly #listeners = new Set<() => void>();
  readonly #unlisten: (() => void)[];
  /** What was chosen earlier has been read. */
  readonly #kept: Promise<void>;
  readonly #refused = new Set<DeviceRole>();
  #wishes: DeviceWishes = NO_WISHES;
  #list: readonly MediaDevice[] = [];
  #snapshot: DevicesSnapshot | null = null;
  #watchers = 0;
  #timer: unknown = null;
  #looking = false;
  #lookAgain = false;
  #hadProblem: Readonly<Record<CaptureSource, boolean>> = { microphone: false, camera: false };
  #disposed = false;

  constructor(deps: DeviceDeskDeps) {
    this.#deps = deps;
    const { levels } = deps;
    this.onLevel = levels === null ? null : (heard) => this.#watchLevel(levels, heard);
    this.#kept = deps.storage.get(KEY).then(
      (kept) => this.#read(kept),
      () => undefined,
    );
    this.#unlisten = [deps.devices.onChange(() => void this.#look()), deps.local.onChange(() => this.#localChanged())];
    void this.#kept.then(() => this.#look());
  }

  snapshot(): DevicesSnapshot {
    this.#snapshot ??= this.#draw();
    return this.#snapshot;
  }

  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  choose(role: DeviceRole, deviceId: string | null): void {
    const device = this.#list.find(({ id, kind }) => id === deviceId && kind === kindOfRole(role));
    if (deviceId !== null && !device) return;
    this.#refused.delete(role);
    this.#wishes = { ...this.#wishes, [role]: device ? { id: device.id, label: device.label } : null };
    void this.#deps.storage.set(KEY, JSON.stringify(this.#wishes)).catch(() => undefined);
    this.#aim();
    if (role === 'microphone' || role === 'camera') void this.#deps.local.tryAgain(role, MENDED_BY_CHOICE);
    this.#changed();
  }

  flipCamera(): void {
    const { chosen, options } = this.snapshot().camera;
    const real = this.#deps.local.open('camera')?.track.getSettings().deviceId;
    const other = otherCamera(chosen ?? real ?? null, options);
    if (other) this.choose('camera', other.id);
  }

  watch(): () => void {
    this.#watchers += 1;
    void this.#look();
    let watches = true;
    return () => {
      if (watches) this.#watchers -= 1;
      watches = false;
    };
  }

  try(source: CaptureSource): () => void {
    return this.#deps.local.try(source);
  }

  outputRefused(role: 'speaker' | 'ring'): void {
    if (this.#refused.has(role)) return;
    this.#refused.add(role);
    this.#changed();
  }

  /** The app came to the front again: somebody may have closed another program, or allowed something in the system. */
  cameToFront(): void {
    for (const source of SOURCES) void this.#deps.local.tryAgain(source, MENDED_ELSEWHERE);
    void this.#look();
  }

  dispose(): void {
    this.#disposed = true;
    for (const off of this.#unlisten) off();
    this.#deps.clock.clearTimeout(this.#timer);
    this.#listeners.clear();
  }

  #read(kept: string | null): void {
    // Somebody may have chosen already.
    if (this.#wishes === NO_WISHES) this.#wishes = parseWishes(kept);
    this.#aim();
    this.#changed();
  }

  /** One look at a time; what changes during one is looked at once more. */
  async #look(): Promise<void> {
    if (this.#disposed) return;
    if (this.#looking) {
      this.#lookAgain = true;
      return;
    }
    this.#looking = true;
    try {
      await this.#kept;
      do {
        this.#lookAgain = false;
        this.#found(await this.#deps.devices.list());
      } while (this.#lookAgain);
    } catch {
      // A platform that does not tell at the moment: what was known stays.
    } finally {
      this.#looking = false;
    }
    this.#arm();
  }

  #found(list: readonly MediaDevice[]): void {
    if (this.#disposed || sameList(this.#list, list)) return;
    const before = this.#list;
    this.#list = list;
    this.#refused.clear();
    this.#aim();
    for (const source of SOURCES) {
      if (list.some(({ kind }) => kind === source)) void this.#deps.local.tryAgain(source, MENDED_BY_DEVICES);
    }
    if (this.#deps.local.inUse) for (const role of DEVICE_ROLES) this.#tell(role, before);
    this.#changed();
  }

  #tell(role: DeviceRole, before: readonly MediaDevice[]): void {
    // A track may have ended just before, and another is on its way.
    if (role === 'ring' || (role !== 'speaker' && !this.#deps.local.wants(role))) return;
    const kind = kindOfRole(role);
    const wish = this.#wishes[role];
    const had = findWished(wish, before, kind);
    const has = findWished(wish, this.#list, kind);
    const others = this.#list.some((device) => device.kind === kind);
    if (had !== null && has === null) this.#deps.news({ change: others ? 'lost' : 'gone', role, name: had.label });
    else if (had === null && has !== null && optionsOf(before, kind).length > 0)
      this.#deps.news({ change: 'back', role, name: has.label });
    else if (wish === null && role === 'microphone') {
      const [mark, old] = [defaultMark(this.#list, kind), defaultMark(before, kind)];
      const name = defaultName(this.#list, kind);
      if (mark !== '' && old !== '' && mark !== old && name !== null) this.#deps.news({ change: 'moved', role, name });
    }
  }

  #aim(): void {
    for (const source of SOURCES) {
      const wish = this.#wishes[source];
      const device = findWished(wish, this.#list, source);
      // Before a permission no names are told, and yet the chosen one can be asked for.
      const untold = optionsOf(this.#list, source).length === 0 ? (wish?.id ?? null) : null;
      const mark = defaultMark(this.#list, source);
      void this.#deps.local.aim(source, { deviceId: device?.id ?? untold, defaultMark: mark });
    }
  }

  #localChanged(): void {
    const { local } = this.#deps;
    for (const source of SOURCES) {
      const has = local.problem(source) !== null;
      const works = this.#hadProblem[source] && !has && local.open(source) !== null;
      if (works && local.inUse) {
        this.#deps.news({ change: 'works', role: source, name: local.open(source)?.track.label ?? '' });
      }
      // Between a problem and what becomes of the next try it is not known.
      if (has || local.open(source) !== null || !local.inUse) {
        this.#hadProblem = { ...this.#hadProblem, [source]: has };
      }
    }
    this.#changed();
    // A permission that was given now, or a device that ended: names and devices may be others than before.
    void this.#look();
  }

  #arm(): void {
    const { clock, local } = this.#deps;
    clock.clearTimeout(this.#timer);
    this.#timer = null;
    if (this.#disposed || (!local.inUse && this.#watchers === 0)) return;
    this.#timer = clock.setTimeout(() => void this.#look(), LOOK_MS);
  }

  /** Of whichever track is open: another one is measured as soon as it takes its place. */
  #watchLevel(levels: LevelMeter, heard: (level: number) => void): () => void {
    let measured: object | null = null;
    let stop = () => {};
    const follow = () => {
      const track = this.#deps.local.open('microphone')?.track ?? null;
      if (track === measured) return;
      measured = track;
      stop();
      stop = () => {};
      heard(0);
      if (!track) return;
      try {
        stop = levels.watch(track, heard);
      } catch {
        // It cannot be measured: the level stays at nothing.
      }
    };
    const off = this.#deps.local.onChange(follow);
    follow();
    return () => {
      off();
      stop();
    };
  }

  #draw(): DevicesSnapshot {
    const camera = this.#one('camera');
    const { preview, mirrored } = this.#deps.local.state();
    const places = new Set(camera.options.map(({ place }) => place));
    return {
      microphone: this.#one('microphone'),
      camera,
      speaker: this.#one('speaker'),
      ring: this.#one('ring'),
      outputs: this.#deps.devices.outputs,
      canFlip: places.has('front') && places.has('back'),
      preview,
      mirrored,
    };
  }

  #one(role: DeviceRole): DeviceSnapshot {
    const kind = kindOfRole(role);
    const source = role === 'microphone' || role === 'camera' ? role : null;
    const options = optionsOf(this.#list, kind);
    const wish = this.#wishes[role];
    const wished = findWished(wish, this.#list, kind);
    const open = source && this.#deps.local.open(source);
    const would = this.#refused.has(role) ? null : (wished?.id ?? null);
    return {
      options,
      present: this.#list.some((device) => device.kind === kind),
      chosen: open ? chosenOf(open.asked, open.track.getSettings().deviceId, options) : would,
      behindDefault: defaultName(this.#list, kind),
      // Before their names are told, nobody knows what is missing.
      missing: wish !== null && wished === null && options.length > 0 ? wish.label : null,
      open: open !== null,
      problem: source && this.#deps.local.problem(source),
    };
  }

  #changed(): void {
    this.#snapshot = null;
    for (const listener of [...this.#listeners]) listener();
  }
}

function sameList(a: readonly MediaDevice[], b: readonly MediaDevice[]): boolean {
  const keyOf = (list: readonly MediaDevice[]) =>
    JSON.stringify(list.map(({ kind, id, label, groupId, place }) => [kind, id, label, groupId, place ?? null]));
  return keyOf(a) === keyOf(b);
}

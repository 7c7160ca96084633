import type { DeviceKind, DevicePlace, MediaDevice } from '../ports/devices.ts';

/** What a device is chosen for. The ring tone may go another way than the call: loud, while a headset lies on the desk. */
export const DEVICE_ROLES = ['microphone', 'camera', 'speaker', 'ring'] as const;
export type DeviceRole = (typeof DEVICE_ROLES)[number];

export const kindOfRole = (role: DeviceRole): DeviceKind => (role === 'ring' ? 'speaker' : role);

/** Its name is kept too: some browsers give a device another id each time, and a missing one should be called by its name. */
export interface RememberedDevice {
  readonly id: string;
  readonly label: string;
}

/** Null: the system's default, whichever that is. */
export type DeviceWishes = Readonly<Record<DeviceRole, RememberedDevice | null>>;

export const NO_WISHES: DeviceWishes = { microphone: null, camera: null, speaker: null, ring: null };

export interface DeviceOption {
  readonly id: string;
  /** Empty where `place` says it all. */
  readonly label: string;
  readonly place: DevicePlace | null;
}

/** Chromium lists these beside the devices for which they stand. */
const STAND_INS: readonly string[] = ['default', 'communications'];

const ofKind = (list: readonly MediaDevice[], kind: DeviceKind) => list.filter((device) => device.kind === kind);

/** Devices that can be told apart; before a permission a browser tells of nameless ones only. */
const realOf = (list: readonly MediaDevice[], kind: DeviceKind): readonly MediaDevice[] =>
  ofKind(list, kind).filter(({ id }) => id !== '' && !STAND_INS.includes(id));

/** Two of the same make get numbers. */
export function optionsOf(list: readonly MediaDevice[], kind: DeviceKind): readonly DeviceOption[] {
  const devices = realOf(list, kind);
  return devices.map((device, index) => {
    const same = devices.filter(({ label }) => label === device.label);
    const number = devices.slice(0, index + 1).filter(({ label }) => label === device.label).length;
    const place = device.place ?? null;
    const label =
      device.label !== '' && same.length > 1 && place === null ? `${device.label} (${number})` : device.label;
    return { id: device.id, label, place };
  });
}

/** The remembered device among those that are there: by its id, or else by a name that only one of them has. */
export function findWished(
  wish: RememberedDevice | null,
  list: readonly MediaDevice[],
  kind: DeviceKind,
): MediaDevice | null {
  if (wish === null) return null;
  const devices = realOf(list, kind);
  const named = devices.filter(({ label }) => label !== '' && label === wish.label);
  return devices.find(({ id }) => id === wish.id) ?? (named.length === 1 ? (named[0] ?? null) : null);
}

/** W3C Media Capture and Streams, §9.2: the default comes first; Chromium has an entry of its own for it. */
const defaultOf = (list: readonly MediaDevice[], kind: DeviceKind): MediaDevice | null => {
  const devices = ofKind(list, kind);
  return devices.find(({ id }) => id === 'default') ?? devices[0] ?? null;
};

/**
 * Another mark: another device is the system's default now. Empty while that is not known. Of cameras it never is: they have no entry
 * for it, and one that merely comes first (just plugged in, or made by a program) must not take the place of a running picture.
 */
export function defaultMark(list: readonly MediaDevice[], kind: DeviceKind): string {
  if (kind === 'camera') return '';
  const device = defaultOf(list, kind);
  if (device === null || device.id === '') return '';
  return [device.id, device.groupId, device.label].join('\n');
}

/** The name of the device behind the default; null while it is not known. */
export function defaultName(list: readonly MediaDevice[], kind: DeviceKind): string | null {
  const device = defaultOf(list, kind);
  if (device === null || device.id === '') return null;
  const behind = realOf(list, kind).find(({ groupId }) => groupId !== '' && groupId === device.groupId);
  if (behind) return behind.label || null;
  // Only an entry that stands for itself has a name of a device.
  return STAND_INS.includes(device.id) ? null : device.label || null;
}

/**
 * What the settings show as chosen: the device that is really open, never the wish.
 * @param asked what was opened; null for the default
 * @param real what the track says of itself
 * @returns null for the system's default
 */
export function chosenOf(
  asked: string | null,
  real: string | undefined,
  options: readonly DeviceOption[],
): string | null {
  if (asked === null || real === undefined || real === asked) return asked;
  return options.some(({ id }) => id === real) ? real : null;
}

/** The camera on the other side of the phone; null where there is none. */
export function otherCamera(current: string | null, options: readonly DeviceOption[]): DeviceOption | null {
  const front = options.find(({ place }) => place === 'front');
  const back = options.find(({ place }) => place === 'back');
  if (!front || !back) return null;
  // Without a choice a phone opens the one in front.
  const place = options.find(({ id }) => id === current)?.place ?? 'front';
  return place === 'back' ? front : back;
}

/** What was kept, if it makes sense. */
export function parseWishes(kept: string | null): DeviceWishes {
  if (kept === null) return NO_WISHES;
  try {
    const value: unknown = JSON.parse(kept);
    const read = (role: DeviceRole): RememberedDevice | null => {
      const one: unknown = isRecord(value) ? value[role] : null;
      return isRecord(one) && typeof one.id === 'string' && typeof one.label === 'string'
        ? { id: one.id, label: one.label }
        : null;
    };
    return { microphone: read('microphone'), camera: read('camera'), speaker: read('speaker'), ring: read('ring') };
  } catch {
    return NO_WISHES;
  }
}

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;

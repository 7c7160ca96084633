import { mediaDevices } from '@livekit/react-native-webrtc';
import type { DevicePlace, Devices, MediaDevice } from '@parley/client';
import { isRecord } from './isRecord';

/** Where the sound of a call can go on every phone; a headset that is plugged in or paired takes it over by itself. */
const OUTPUTS: readonly MediaDevice[] = (['earpiece', 'loudspeaker'] as const).map((place) => ({
  kind: 'speaker',
  id: place,
  label: '',
  groupId: '',
  place,
}));
/** As react-native-webrtc says it (GetUserMediaImpl on Android, WebRTCModule+RTCMediaStream on iOS). */
const FACING: Readonly<Record<string, DevicePlace>> = { front: 'front', environment: 'back' };

/** Cameras by where they look; microphones are the system's matter on phones, so that none can be told from another. */
const inputOf = (device: unknown): readonly MediaDevice[] => {
  if (!isRecord(device)) return [];
  const { kind, deviceId, label, facing } = device;
  if (kind === 'audioinput') return [{ kind: 'microphone', id: '', label: '', groupId: '' }];
  if (kind !== 'videoinput' || typeof deviceId !== 'string') return [];
  const place = typeof facing === 'string' ? FACING[facing] : undefined;
  const name = typeof label === 'string' ? label : '';
  return [{ kind: 'camera', id: deviceId, label: name, groupId: '', ...(place === undefined ? {} : { place }) }];
};

/** A phone has several cameras that look the same way: the first of each is the one that its own camera app opens. */
const firstOfPlace = (device: MediaDevice, index: number, all: readonly MediaDevice[]): boolean =>
  device.place === undefined || all.findIndex(({ place }) => place === device.place) === index;

export const nativeDevices: Devices = {
  outputs: 'one',
  list: async () => {
    const found: unknown = await mediaDevices.enumerateDevices();
    const inputs = (Array.isArray(found) ? found : []).flatMap(inputOf);
    return [...inputs.filter(firstOfPlace), ...OUTPUTS];
  },
  // What comes and goes on a phone changes the way of the sound, and is not on this list.
  onChange: () => () => undefined,
};

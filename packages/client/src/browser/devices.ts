import type { DeviceKind, DevicePlace, Devices, MediaDevice, OutputChoice } from '../ports/devices.ts';
import { returningSpeakers } from './returning-speakers.ts';

const KINDS: Readonly<Record<MediaDeviceKind, DeviceKind>> = {
  audioinput: 'microphone',
  videoinput: 'camera',
  audiooutput: 'speaker',
};
const PLACES: Readonly<Record<string, DevicePlace>> = { user: 'front', environment: 'back' };

/** Safari up to 18 and browsers on iOS play everything where the system wants it. */
const outputsOf = (): OutputChoice =>
  typeof HTMLMediaElement !== 'undefined' && 'setSinkId' in HTMLMediaElement.prototype ? 'each' : 'none';

/** `InputDeviceInfo`, which not every browser has: which way a phone's camera looks. */
function placeOf(device: MediaDeviceInfo): DevicePlace | undefined {
  if (!('getCapabilities' in device) || typeof device.getCapabilities !== 'function') return undefined;
  const { facingMode } = device.getCapabilities() as MediaTrackCapabilities;
  return PLACES[facingMode?.[0] ?? ''];
}

const deviceOf = (device: MediaDeviceInfo): MediaDevice => {
  const place = device.kind === 'videoinput' ? placeOf(device) : undefined;
  return {
    kind: KINDS[device.kind],
    id: device.deviceId,
    label: device.label,
    groupId: device.groupId,
    ...(place === undefined ? {} : { place }),
  };
};

/** Over enumerateDevices; without secure context there are no devices. */
export function browserDevices(navigator: Navigator): Devices {
  const media = navigator.mediaDevices as MediaDevices | undefined;
  const usable = returningSpeakers(() => performance.now());
  return {
    outputs: media === undefined ? 'none' : outputsOf(),
    list: async () => (media === undefined ? [] : usable((await media.enumerateDevices()).map(deviceOf))),
    onChange: (listener) => {
      media?.addEventListener?.('devicechange', listener);
      return () => media?.removeEventListener?.('devicechange', listener);
    },
  };
}

import type { DeviceOption, DeviceSnapshot, DevicesSnapshot } from '@parley/client';
import type { DevicesPanelProps } from '../screens/devices/DevicesPanel';

const nothing = () => undefined;

const device = (change: Partial<DeviceSnapshot> = {}): DeviceSnapshot => ({
  options: [],
  present: true,
  chosen: null,
  behindDefault: null,
  missing: null,
  open: false,
  problem: null,
  ...change,
});
const named = (...names: string[]): readonly DeviceOption[] =>
  names.map((label) => ({ id: label.toLowerCase(), label, place: null }));

const several = (change: Partial<DevicesSnapshot> = {}): DevicesSnapshot => ({
  microphone: device({
    options: named('MacBook Pro Microphone', 'Jabra Evolve2 65', 'Yeti Stereo Microphone'),
    chosen: 'jabra evolve2 65',
    behindDefault: 'MacBook Pro Microphone',
    open: true,
  }),
  camera: device({
    options: named('FaceTime HD Camera', 'Studio Display Camera'),
    behindDefault: 'FaceTime HD Camera',
  }),
  speaker: device({
    options: named('MacBook Pro Speakers', 'Jabra Evolve2 65'),
    chosen: 'jabra evolve2 65',
    behindDefault: 'MacBook Pro Speakers',
  }),
  ring: device({ options: named('MacBook Pro Speakers', 'Jabra Evolve2 65'), behindDefault: 'MacBook Pro Speakers' }),
  outputs: 'each',
  canFlip: false,
  preview: null,
  mirrored: true,
  ...change,
});

/** A voice that stands still, for pictures. */
const level = (heard: (level: number) => void) => {
  heard(0.62);
  return nothing;
};

export const devicesPanel = (
  change: Partial<DevicesSnapshot> = {},
  props: Partial<DevicesPanelProps> = {},
): Omit<DevicesPanelProps, 'columns'> => ({
  snapshot: several(change),
  onLevel: level,
  onChoose: nothing,
  onTestSound: nothing,
  onTestRing: nothing,
  onExplain: nothing,
  ...props,
});

/** The states of the panel, by the end of the entry's name. */
export const deviceStates = {
  several: () => devicesPanel(),
  muted: () => devicesPanel({}, { muted: true }),
  none: () =>
    devicesPanel({
      microphone: device({ present: false, problem: 'no_device' }),
      camera: device({ present: false, problem: 'no_device' }),
      speaker: device({ present: false }),
      ring: device({ present: false }),
    }),
  untold: () => devicesPanel({ microphone: device(), camera: device(), speaker: device(), ring: device() }),
  'no-speaker-choice': () => devicesPanel({ outputs: 'none', speaker: device(), ring: device() }),
  unplugged: () => {
    const { microphone, speaker } = several();
    const left = (one: DeviceSnapshot) => one.options.filter(({ label }) => !label.startsWith('Jabra'));
    return devicesPanel({
      microphone: { ...microphone, options: left(microphone), chosen: null, missing: 'Jabra Evolve2 65' },
      speaker: { ...speaker, options: left(speaker), chosen: null, missing: 'Jabra Evolve2 65' },
    });
  },
  problems: () => {
    const { microphone, camera } = several();
    return devicesPanel({
      microphone: { ...microphone, open: false, problem: 'in_use' },
      camera: { ...camera, problem: 'denied' },
    });
  },
  phone: () =>
    devicesPanel({
      microphone: device({ open: true }),
      camera: device({
        options: [
          { id: 'f', label: '', place: 'front' },
          { id: 'b', label: '', place: 'back' },
        ],
        chosen: 'f',
      }),
      speaker: device({
        options: [
          { id: 'earpiece', label: '', place: 'earpiece' },
          { id: 'loudspeaker', label: '', place: 'loudspeaker' },
        ],
      }),
      outputs: 'one',
      canFlip: true,
    }),
} as const;

import type { CaptureSource } from '@parley/client';
import { useActiveCall, useClientSnapshot, useDevices, useDevicesSnapshot } from '@parley/react';
import { useEffect } from 'react';
import type { DevicesPanelProps } from '../screens/devices/DevicesPanel';
import { usePermissionGate } from './PermissionGate';
import { useRingToneChoice } from './preferences';
import { usePreview } from './usePreview';
import { useSoundPlayer } from './useSoundPlayer';

/** The panel of devices, wherever it stands. While it may be opened the devices are looked for. */
export function useDevicesPanel(): Omit<DevicesPanelProps, 'columns'> {
  const devices = useDevices();
  const snapshot = useDevicesSnapshot((all) => all);
  const call = useActiveCall();
  const inCall = useClientSnapshot(({ active }) => active !== null);
  const gate = usePermissionGate();
  const player = useSoundPlayer('speaker');
  const preview = usePreview();
  const tone = useRingToneChoice().preference;
  useEffect(() => devices.watch(), [devices]);
  const onExplain = (source: CaptureSource) => {
    const problem = snapshot[source].problem;
    if (problem !== null) gate.explain({ source, problem });
  };
  return {
    snapshot,
    onLevel: devices.onLevel ?? undefined,
    muted: call?.self.isMuted === true,
    onChoose: (role, deviceId) => devices.choose(role, deviceId),
    onTestSound: () => player.play('test'),
    onTestRing: () => preview(tone),
    onTry: inCall ? undefined : (source) => devices.try(source),
    onExplain,
  };
}

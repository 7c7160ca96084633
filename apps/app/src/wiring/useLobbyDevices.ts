import type { CaptureSource } from '@parley/client';
import { useDevices, useDevicesSnapshot } from '@parley/react';
import { useEffect, useState } from 'react';
import type { CallKind, SelfOnStage } from '../screens/snapshots';
import { usePermissionGate } from './PermissionGate';
import { useGroupPart } from './useGroupPart';

/** How one looks and sounds before a call: nothing is sent, and what is open is closed again unless the call takes it. */
export function useLobbyDevices(kind: CallKind, me: { readonly id: string; readonly displayName: string }) {
  useGroupPart();
  const devices = useDevices();
  const gate = usePermissionGate();
  const { microphone, camera, preview, mirrored } = useDevicesSnapshot((all) => all);
  const [isMuted, setMuted] = useState(false);
  const [wantsCamera, setCamera] = useState(kind === 'video');
  const [asked, setAsked] = useState(false);
  // Once, when the lobby opens; what was in the way can be seen there, and mended by a press.
  // biome-ignore lint/correctness/useExhaustiveDependencies: a question is asked once
  useEffect(() => gate.pass(kind, () => setAsked(true)), []);
  useEffect(() => (asked ? devices.try('microphone') : undefined), [asked, devices]);
  useEffect(() => (asked && wantsCamera ? devices.try('camera') : undefined), [asked, wantsCamera, devices]);
  const explain = (source: CaptureSource) => {
    const { problem } = source === 'microphone' ? microphone : camera;
    if (problem !== null) gate.explain({ source, problem });
  };
  const self: SelfOnStage = {
    ...me,
    stream: preview,
    isMuted,
    videoEnabled: wantsCamera,
    mirrored,
    microphone: microphone.problem,
    camera: camera.problem,
  };
  return {
    self,
    /** As it goes into the call. */
    choice: { muted: isMuted, camera: wantsCamera },
    controls: {
      onToggleMicrophone: () => setMuted(!isMuted),
      onToggleCamera: () => {
        setAsked(true);
        setCamera(!wantsCamera);
      },
      onExplain: explain,
    },
  };
}

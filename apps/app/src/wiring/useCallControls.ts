import type { ActiveCall, CaptureSource } from '@parley/client';
import { useDevicesSnapshot, useParley } from '@parley/react';
import { tick } from '../platform/haptics';
import { usePermissionGate } from './PermissionGate';

/** What one does to the call that goes on, on its own page and on the bar alike. */
export function useCallControls(call: ActiveCall | null) {
  const client = useParley();
  const gate = usePermissionGate();
  const canFlip = useDevicesSnapshot((devices) => devices.canFlip);
  const problemOf = (source: CaptureSource) => call?.permissionProblems.find((one) => one.source === source);
  const onExplain = (source: CaptureSource) => {
    const problem = problemOf(source);
    if (problem) gate.explain(problem);
  };
  return {
    onToggleMicrophone: () => {
      tick();
      if (problemOf('microphone')) onExplain('microphone');
      else client.setMuted(!call?.self.isMuted);
    },
    onToggleCamera: () => {
      tick();
      if (problemOf('camera')) onExplain('camera');
      else client.setCamera(!call?.self.videoEnabled);
    },
    onLeaveOff: () => client.setCamera(false),
    ...(canFlip ? { onSwitchCamera: () => client.devices.flipCamera() } : {}),
    onExplain,
    onEnd: () => {
      tick();
      if (call?.phase === 'ringing') client.cancel();
      else client.leave();
    },
  };
}

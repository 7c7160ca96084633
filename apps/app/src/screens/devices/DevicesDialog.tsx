import { useWide } from '../../theme/useWide';
import { Dialog } from '../../ui/Dialog';
import { useWords } from '../../words/words';
import { DevicesPanel, type DevicesPanelProps } from './DevicesPanel';

export interface DevicesDialogProps extends Omit<DevicesPanelProps, 'columns'> {
  readonly onClose: () => void;
}

/** The devices above whatever needs them: a call, and later the lobby before one. */
export function DevicesDialog({ onClose, ...panel }: DevicesDialogProps) {
  const t = useWords();
  const wide = useWide();
  return (
    <Dialog title={t('devices.title')} onClose={onClose} width={wide ? 720 : 420}>
      <DevicesPanel {...panel} columns={wide ? 2 : 1} />
    </Dialog>
  );
}

import { IconButton } from '../../ui/IconButton';
import { useWords } from '../../words/words';
import type { CallKind, RunningCall } from '../snapshots';

export interface CallActionsProps {
  readonly running: RunningCall | null;
  readonly onStartCall: (kind: CallKind) => void;
}

/** In the header of a channel: starts its call. While one runs, the card below leads into it. */
export function CallActions({ running, onStartCall }: CallActionsProps) {
  const t = useWords();
  if (running !== null) return null;
  return (
    <>
      <IconButton icon="phone" tone="quiet" label={t('channel.startAudio')} onPress={() => onStartCall('audio')} />
      <IconButton icon="video" tone="quiet" label={t('channel.startVideo')} onPress={() => onStartCall('video')} />
    </>
  );
}

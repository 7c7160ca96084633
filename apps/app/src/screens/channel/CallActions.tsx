import { IconButton } from '../../ui/IconButton';
import { useWords } from '../../words/words';
import type { CallKind, RunningCall } from '../snapshots';

export interface CallActionsProps {
  readonly running: RunningCall | null;
  readonly onStartCall: (kind: CallKind) => void;
  /** Posts a link that leads into the call of this channel. */
  readonly onPostLink: (() => void) | undefined;
}

/** In the header of a channel: starts its call. While one runs, the card below leads into it. */
export function CallActions({ running, onStartCall, onPostLink }: CallActionsProps) {
  const t = useWords();
  return (
    <>
      {onPostLink === undefined ? null : (
        <IconButton icon="link" tone="quiet" label={t('channel.shareLink')} onPress={onPostLink} />
      )}
      {running !== null ? null : (
        <>
          <IconButton icon="phone" tone="quiet" label={t('channel.startAudio')} onPress={() => onStartCall('audio')} />
          <IconButton icon="video" tone="quiet" label={t('channel.startVideo')} onPress={() => onStartCall('video')} />
        </>
      )}
    </>
  );
}

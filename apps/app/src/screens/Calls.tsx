import { Button } from '../ui/Button';
import { CardList } from '../ui/Card';
import { EmptyState, ErrorState, LoadingState } from '../ui/States';
import { errorText } from '../words/errors';
import { useWords } from '../words/words';
import { CallHistoryRow } from './CallHistoryRow';
import { Pane } from './Pane';
import type { CallHistoryItem, ErrorCode } from './snapshots';

export interface CallsProps {
  readonly snapshot: {
    /** Newest first; null while nothing has been loaded. */
    readonly calls: readonly CallHistoryItem[] | null;
    readonly hasMore: boolean;
    readonly error: ErrorCode | null;
    readonly now: number;
  };
  readonly onBack?: () => void;
  readonly onNavigate?: (path: string) => void;
  readonly onCallBack?: (call: CallHistoryItem) => void;
  readonly onMore?: () => void;
  readonly onRetry?: () => void;
}

export function Calls({ snapshot, onBack, onNavigate, onCallBack, onMore, onRetry }: CallsProps) {
  const t = useWords();
  const { calls, error, hasMore, now } = snapshot;
  return (
    <Pane title={t('calls.title')} onBack={onBack}>
      {calls === null && error === null ? <LoadingState /> : null}
      {calls === null && error !== null ? <ErrorState text={errorText(error)} onRetry={onRetry} /> : null}
      {calls?.length === 0 ? <EmptyState icon="phone" title={t('calls.empty')} text={t('calls.emptyText')} /> : null}
      {calls !== null && calls.length > 0 ? (
        <CardList>
          {calls.map((call) => (
            <CallHistoryRow
              key={call.id}
              call={call}
              now={now}
              named
              {...(onNavigate === undefined ? {} : { onNavigate })}
              {...(onCallBack === undefined ? {} : { onCallBack })}
            />
          ))}
        </CardList>
      ) : null}
      {hasMore ? <Button kind="outline" compact label={t('calls.more')} onPress={onMore} /> : null}
    </Pane>
  );
}

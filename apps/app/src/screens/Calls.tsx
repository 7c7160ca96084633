import { View } from 'react-native';
import { space } from '../theme/tokens';
import { Button } from '../ui/Button';
import { CardList } from '../ui/Card';
import { Choice } from '../ui/Choice';
import { Notice } from '../ui/Notice';
import { type Connection, ConnectionNotice, EmptyState, ErrorState, LoadingState } from '../ui/States';
import { Text } from '../ui/Text';
import { errorText } from '../words/errors';
import { dayName, sameDay } from '../words/format';
import { useWords } from '../words/words';
import { CallHistoryRow } from './CallHistoryRow';
import { Pane } from './Pane';
import type { CallFilter, CallHistoryItem, ErrorCode } from './snapshots';

export interface CallsProps {
  readonly snapshot: {
    readonly filter: CallFilter;
    /** Newest first; null while nothing has been loaded. */
    readonly calls: readonly CallHistoryItem[] | null;
    readonly hasMore: boolean;
    readonly error: ErrorCode | null;
    readonly connection: Connection;
    readonly now: number;
  };
  readonly onFilter?: (filter: CallFilter) => void;
  readonly onBack?: () => void;
  readonly onNavigate?: (path: string) => void;
  readonly onCallBack?: (call: CallHistoryItem) => void;
  readonly onMore?: () => void;
  readonly onRetry?: () => void;
}

export function Calls({ snapshot, onFilter, onBack, onNavigate, onCallBack, onMore, onRetry }: CallsProps) {
  const t = useWords();
  const { calls, connection, error, filter, hasMore, now } = snapshot;
  const filters = [
    ['all', t('calls.all')],
    ['missed', t('calls.missed')],
    ['incoming', t('calls.incoming')],
    ['outgoing', t('calls.outgoing')],
  ] as const;
  return (
    <Pane title={t('calls.title')} onBack={onBack}>
      <Choice label={t('calls.filter')} value={filter} options={filters} onChoose={onFilter} basis={74} />
      <ConnectionNotice connection={connection} />
      {calls === null && error === null ? <LoadingState /> : null}
      {calls === null && error !== null ? <ErrorState text={errorText(error)} onRetry={onRetry} /> : null}
      {calls?.length === 0 && !hasMore ? <NoCalls filter={filter} /> : null}
      {daysOf(calls ?? []).map((day) => (
        <View key={day[0].id} style={{ gap: space(2) }}>
          <Text variant="small" weight="semibold" tone="quiet" heading={2} style={{ paddingStart: space(1) }}>
            {dayName(day[0].at, now)}
          </Text>
          <CardList>
            {day.map((call) => (
              <CallHistoryRow
                key={call.id}
                call={call}
                now={now}
                named
                dated={false}
                {...(onNavigate === undefined ? {} : { onNavigate })}
                {...(onCallBack === undefined ? {} : { onCallBack })}
              />
            ))}
          </CardList>
        </View>
      ))}
      {calls !== null && error !== null ? (
        <Notice
          tone="stop"
          icon="alert"
          text={errorText(error)}
          action={<Button kind="quiet" compact label={t('states.tryAgain')} onPress={onRetry} />}
        />
      ) : hasMore ? (
        <Button kind="outline" compact label={t('calls.more')} onPress={onMore} />
      ) : null}
    </Pane>
  );
}

function NoCalls({ filter }: { readonly filter: CallFilter }) {
  const t = useWords();
  switch (filter) {
    case 'all':
      return <EmptyState icon="phone" title={t('calls.empty')} text={t('calls.emptyText')} />;
    case 'missed':
      return <EmptyState icon="phoneMissed" title={t('calls.emptyMissed')} />;
    case 'incoming':
      return <EmptyState icon="phoneIncoming" title={t('calls.emptyIncoming')} />;
    case 'outgoing':
      return <EmptyState icon="phoneOutgoing" title={t('calls.emptyOutgoing')} text={t('calls.emptyText')} />;
  }
}

type Day = readonly [CallHistoryItem, ...CallHistoryItem[]];

/** Calls that stand one after another, by the day on which they began. */
function daysOf(calls: readonly CallHistoryItem[]): readonly Day[] {
  const days: [CallHistoryItem, ...CallHistoryItem[]][] = [];
  for (const call of calls) {
    const last = days.at(-1);
    if (last && sameDay(last[0].at, call.at)) last.push(call);
    else days.push([call]);
  }
  return days;
}

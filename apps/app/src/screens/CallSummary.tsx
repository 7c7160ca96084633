import { ScrollView, useWindowDimensions, View } from 'react-native';
import { useSafeAreaInsets } from 'react-native-safe-area-context';
import { useColors } from '../theme/ThemeProvider';
import { space } from '../theme/tokens';
import { useWide } from '../theme/useWide';
import { Avatar } from '../ui/Avatar';
import { Button } from '../ui/Button';
import { CardList } from '../ui/Card';
import { Text } from '../ui/Text';
import { clock, listOf } from '../words/format';
import { useWords } from '../words/words';
import { FigureList } from './call/FigureList';
import { summaryFigures } from './call/figures';
import type { CallSummarySnapshot } from './snapshots';
import { Disclosure } from './summary/Disclosure';
import { HowWasIt, type HowWasItProps } from './summary/HowWasIt';

/** Points of height that a summary with figures and rating takes at most, closed up. */
const ROOM_FOR_ALL = 920;

export interface CallSummaryProps {
  readonly snapshot: CallSummarySnapshot;
  readonly onCallAgain?: () => void;
  /** Of a group that goes on: back into it. */
  readonly onRejoin?: () => void;
  readonly onDone?: () => void;
  readonly onRate?: HowWasItProps['onRate'];
  readonly onReason?: HowWasItProps['onReason'];
  readonly onSkip?: HowWasItProps['onSkip'];
  /** For the gallery: with the figures. */
  readonly opensWithFigures?: boolean;
}

export function CallSummary(props: CallSummaryProps) {
  const { snapshot, onCallAgain, onDone } = props;
  const { kind, heading, participants, durationSeconds, problem, protection, quality, figures, opinion } = snapshot;
  const other = snapshot.with;
  const t = useWords();
  const colors = useColors();
  const insets = useSafeAreaInsets();
  const wide = useWide();
  // The ways on stay in sight, whatever there is to read above them. That stands closer: in 720 points it does too.
  const pinned = useWindowDimensions().height < ROOM_FOR_ALL || !wide;
  const what = kind === 'video' ? t('call.video') : t('call.audio');
  const duration = durationSeconds === null ? t('summary.notConnected') : clock(durationSeconds);
  return (
    <View role="main" style={{ flex: 1, backgroundColor: colors.background }}>
      <ScrollView
        contentContainerStyle={{
          flexGrow: 1,
          alignItems: 'center',
          justifyContent: wide ? 'center' : 'flex-start',
          paddingHorizontal: space(5),
          paddingTop: insets.top + space(pinned ? 6 : 14),
          paddingBottom: space(pinned ? 4 : 6),
        }}
      >
        <View style={{ width: '100%', maxWidth: 400, alignItems: 'center' }}>
          <Avatar id={other.id} displayName={other.displayName} size={pinned ? 64 : 80} />
          <Text variant="heading22" heading={1} align="center" style={{ marginTop: space(pinned ? 3 : 5) }}>
            {t(`summary.${heading}`)}
          </Text>
          <Text tone="quiet" align="center" style={{ marginTop: space(1) }}>
            {snapshot.group === undefined
              ? t('summary.with', { kind: what, name: other.displayName })
              : t('summary.in', { kind: what, name: snapshot.group })}
          </Text>
          {snapshot.cancelled === true ? (
            <Text align="center" style={{ marginTop: space(2) }}>
              {t('summary.youCancelled')}
            </Text>
          ) : null}
          {problem === undefined ? null : (
            <Text tone="stopInk" align="center" style={{ marginTop: space(2) }}>
              {t(`summary.${problem}`)}
            </Text>
          )}
          {durationSeconds === null || (pinned && wide) ? null : (
            <Text variant="figure" figures aria-hidden style={{ marginTop: space(pinned ? 2 : 4) }}>
              {duration}
            </Text>
          )}
          <CardList style={{ width: '100%', marginTop: space(pinned ? 4 : 6) }}>
            <Fact tight={pinned} label={t('summary.duration')} value={duration} />
            <Fact
              tight={pinned}
              label={t('summary.participants')}
              value={participants.length === 0 ? t('summary.nobody') : listOf(participants)}
            />
            {protection === undefined || durationSeconds === null ? null : (
              <Fact tight={pinned} label={t('summary.path')} value={t(`protection.${protection}_short`)} />
            )}
            {quality === undefined || quality === null ? null : (
              <Fact tight={pinned} label={t('summary.connection')} value={t(`quality.${quality}`)} />
            )}
            {figures === undefined || durationSeconds === null ? null : (
              <Disclosure label={t('figures.title')} opensAtOnce={props.opensWithFigures === true}>
                <FigureList figures={summaryFigures(figures)} />
              </Disclosure>
            )}
          </CardList>
          {opinion === undefined || opinion === null ? null : (
            <HowWasIt opinion={opinion} onRate={props.onRate} onReason={props.onReason} onSkip={props.onSkip} />
          )}
          {pinned ? null : (
            <View style={{ width: '100%', marginTop: space(6) }}>
              <Actions kind={kind} onCallAgain={onCallAgain} onRejoin={props.onRejoin} onDone={onDone} />
            </View>
          )}
        </View>
      </ScrollView>
      {pinned ? (
        <View
          style={{
            width: '100%',
            maxWidth: 400 + 2 * space(5),
            alignSelf: 'center',
            paddingHorizontal: space(5),
            paddingTop: space(4),
            paddingBottom: insets.bottom + space(4),
          }}
        >
          <Actions kind={kind} onCallAgain={onCallAgain} onRejoin={props.onRejoin} onDone={onDone} />
        </View>
      ) : null}
    </View>
  );
}

function Fact({ label, value, tight }: { readonly label: string; readonly value: string; readonly tight: boolean }) {
  return (
    <View
      style={{
        flexDirection: 'row',
        justifyContent: 'space-between',
        alignItems: 'baseline',
        gap: space(4),
        paddingVertical: space(tight ? 3 : 3.5),
        paddingHorizontal: space(4),
      }}
    >
      <Text tone="quiet">{label}</Text>
      <Text weight="semibold" figures align="end" style={{ flexShrink: 1 }}>
        {value}
      </Text>
    </View>
  );
}

interface ActionsProps {
  readonly kind: CallSummarySnapshot['kind'];
  readonly onCallAgain: (() => void) | undefined;
  readonly onRejoin: (() => void) | undefined;
  readonly onDone: (() => void) | undefined;
}

function Actions({ kind, onCallAgain, onRejoin, onDone }: ActionsProps) {
  const t = useWords();
  return (
    <View style={{ width: '100%', gap: space(2.5) }}>
      {onCallAgain === undefined ? null : (
        <Button
          kind="call"
          icon={kind === 'video' ? 'video' : 'phone'}
          label={t('summary.callAgain')}
          onPress={onCallAgain}
        />
      )}
      {onRejoin === undefined ? null : (
        <Button
          kind="call"
          icon={kind === 'video' ? 'video' : 'phone'}
          label={t('channel.joinCall')}
          onPress={onRejoin}
        />
      )}
      {onDone === undefined ? null : <Button kind="quiet" label={t('summary.done')} onPress={onDone} />}
    </View>
  );
}

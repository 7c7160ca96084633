import { View } from 'react-native';
import { useSafeAreaInsets } from 'react-native-safe-area-context';
import { space } from '../../theme/tokens';
import { useWide } from '../../theme/useWide';
import { Button } from '../../ui/Button';
import { Hidden } from '../../ui/Hidden';
import type { IconName } from '../../ui/icons';
import { Notice } from '../../ui/Notice';
import { passThrough } from '../../ui/passThrough';
import { firstName } from '../../words/format';
import { useWords } from '../../words/words';
import type { ActiveCallSnapshot } from '../snapshots';

const icons: Readonly<Record<string, IconName>> = { restored: 'check', offline: 'offline', sharing: 'share' };

/** What has to be said during a call; the region stays, so that screen readers speak what comes into it. */
export function StageNotices({
  snapshot,
  onInsist,
  onLeaveOff,
}: {
  readonly snapshot: Pick<ActiveCallSnapshot, 'others' | 'reconnecting' | 'notices' | 'quality' | 'videoHeld'>;
  /** Turns the picture on in spite of a weak connection. */
  readonly onInsist?: (() => void) | undefined;
  /** Keeps it off when the connection is better too. */
  readonly onLeaveOff?: (() => void) | undefined;
}) {
  const t = useWords();
  const insets = useSafeAreaInsets();
  const wide = useWide();
  const lost = snapshot.others.filter((person) => person.away === true);
  return (
    <View
      style={[
        passThrough,
        {
          position: 'absolute',
          // On a phone one's own picture lies at the top.
          ...(wide ? { top: insets.top + space(20) } : { bottom: insets.bottom + space(42) }),
          left: space(5),
          right: space(5),
          alignItems: 'center',
        },
      ]}
    >
      <View role="status" aria-live="polite" style={[passThrough, { gap: space(2), alignItems: 'center' }]}>
        {snapshot.reconnecting ? <Notice role="none" icon="refresh" text={t('call.reconnecting')} /> : null}
        {lost.map((person) => (
          // To be seen on their own tile.
          <Hidden key={person.id}>{t('call.lostConnection', { name: firstName(person.displayName) })}</Hidden>
        ))}
        {snapshot.quality === 'weak' && !snapshot.videoHeld && !snapshot.reconnecting ? (
          <WeakNotice wide={wide} />
        ) : null}
        {snapshot.videoHeld ? (
          <Notice
            role="none"
            icon="videoOff"
            text={t('call.weakVideo')}
            action={
              <View style={{ flexDirection: 'row', flexWrap: 'wrap', maxWidth: '100%', flexShrink: 1 }}>
                <Button kind="quiet" compact label={t('call.videoAnyway')} onPress={onInsist} />
                <Button kind="quiet" compact label={t('call.videoStaysOff')} onPress={onLeaveOff} />
              </View>
            }
          />
        ) : null}
        {snapshot.notices.map((notice) => (
          <Notice key={notice.id} role="none" icon={icons[notice.id] ?? 'info'} text={notice.text} />
        ))}
      </View>
    </View>
  );
}

/** Where there is room, the word stands beside the controls: then it is only spoken. */
function WeakNotice({ wide }: { readonly wide: boolean }) {
  const t = useWords();
  return wide ? <Hidden>{t('quality.weak')}</Hidden> : <Notice role="none" icon="signal" text={t('quality.weak')} />;
}

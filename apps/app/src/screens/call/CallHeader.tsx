import { View } from 'react-native';
import { useSafeAreaInsets } from 'react-native-safe-area-context';
import { useColors } from '../../theme/ThemeProvider';
import { radius, space } from '../../theme/tokens';
import { useWide } from '../../theme/useWide';
import { Icon } from '../../ui/Icon';
import { IconButton } from '../../ui/IconButton';
import { Pill } from '../../ui/Pill';
import { Text } from '../../ui/Text';
import { useWords } from '../../words/words';
import type { ActiveCallSnapshot } from '../snapshots';
import { Timer } from './Timer';

export interface CallHeaderProps {
  readonly snapshot: ActiveCallSnapshot;
  readonly onMinimise: (() => void) | undefined;
}

/** With whom, for how long, how protected. */
export function CallHeader({ snapshot, onMinimise }: CallHeaderProps) {
  return useWide() ? (
    <WideHeader snapshot={snapshot} onMinimise={onMinimise} />
  ) : (
    <PhoneHeader snapshot={snapshot} onMinimise={onMinimise} />
  );
}

function PhoneHeader({ snapshot, onMinimise }: CallHeaderProps) {
  const t = useWords();
  const insets = useSafeAreaInsets();
  const { title, connectedAt, others } = snapshot;
  const muted = others.length === 1 && others[0]?.isMuted === true;
  return (
    <View
      style={{
        paddingTop: insets.top + space(4),
        paddingHorizontal: space(4),
        flexDirection: 'row',
        alignItems: 'center',
        minHeight: 80,
        pointerEvents: 'box-none',
      }}
    >
      <View style={{ width: 44 }}>
        {onMinimise === undefined ? null : (
          <IconButton round icon="down" ground="control" label={t('call.minimise')} onPress={onMinimise} />
        )}
      </View>
      <View style={{ flex: 1, alignItems: 'center' }}>
        <View style={{ flexDirection: 'row', alignItems: 'center', gap: space(1.5) }}>
          {muted ? <Icon name="micOff" size={15} tone="stopInk" /> : null}
          <Text weight="semibold" heading={1} numberOfLines={1}>
            {title}
          </Text>
        </View>
        {connectedAt === null ? (
          <Text role="status" variant="small" tone="ink">
            {t('call.connecting')}
          </Text>
        ) : (
          <Timer since={connectedAt} tone="ink" />
        )}
      </View>
      <View style={{ width: 44 }} />
    </View>
  );
}

function WideHeader({ snapshot, onMinimise }: CallHeaderProps) {
  const t = useWords();
  const { title, kind, connectedAt, protection, others } = snapshot;
  return (
    <View
      style={{
        height: 64,
        paddingHorizontal: space(5),
        flexDirection: 'row',
        alignItems: 'center',
        gap: space(3),
        pointerEvents: 'box-none',
      }}
    >
      {onMinimise === undefined ? null : (
        <IconButton
          round
          icon="down"
          label={t('call.minimise')}
          onPress={onMinimise}
          style={{ marginLeft: -space(2.5) }}
        />
      )}
      <View style={{ flex: 1 }}>
        <Text weight="semibold" heading={1} numberOfLines={1} style={{ lineHeight: 20 }}>
          {title}
        </Text>
        <Text variant="tiny" tone="quiet">
          {kind === 'video' ? t('call.video') : t('call.audio')}
        </Text>
      </View>
      {connectedAt === null ? (
        <Text role="status" variant="small" tone="quiet">
          {t('call.connecting')}
        </Text>
      ) : (
        <TimerPill since={connectedAt} />
      )}
      {protection === null || connectedAt === null ? null : <Pill icon="lock" text={t(`protection.${protection}`)} />}
      {others.length > 1 ? <Pill icon="users" text={String(others.length + 1)} figures /> : null}
    </View>
  );
}

function TimerPill({ since }: { readonly since: number }) {
  const colors = useColors();
  return (
    <View
      style={{
        flexDirection: 'row',
        alignItems: 'center',
        gap: space(2),
        minHeight: 30,
        paddingHorizontal: space(3),
        borderRadius: radius.full,
        backgroundColor: colors.card,
      }}
    >
      <Icon name="clock" size={14} />
      <Timer since={since} tone="ink" />
    </View>
  );
}

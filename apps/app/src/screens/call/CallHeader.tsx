import type { ReactNode } from 'react';
import { View } from 'react-native';
import { useSafeAreaInsets } from 'react-native-safe-area-context';
import { radius, space } from '../../theme/tokens';
import { useWide } from '../../theme/useWide';
import { Icon } from '../../ui/Icon';
import { IconButton } from '../../ui/IconButton';
import { Pill } from '../../ui/Pill';
import { passThrough } from '../../ui/passThrough';
import { Text } from '../../ui/Text';
import { useWords } from '../../words/words';
import type { ActiveCallSnapshot } from '../snapshots';
import { HEADER, PHONE_HEADER } from './Stage';
import { Timer } from './Timer';

export interface CallHeaderProps {
  readonly snapshot: ActiveCallSnapshot;
  readonly onMinimise: (() => void) | undefined;
  /** Makes a group of it. */
  readonly onAdd: (() => void) | undefined;
  /** What protects the call, where it has room beside the rest. */
  readonly badge: ReactNode;
}

/** With whom, for how long, how protected. */
export function CallHeader(props: CallHeaderProps) {
  return useWide() ? <WideHeader {...props} /> : <PhoneHeader {...props} />;
}

function PhoneHeader({ snapshot, onMinimise, onAdd }: CallHeaderProps) {
  const t = useWords();
  const insets = useSafeAreaInsets();
  const { title, connectedAt, others } = snapshot;
  const muted = others.length === 1 && others[0]?.isMuted === true;
  return (
    <View
      style={[
        passThrough,
        {
          paddingTop: insets.top + space(4),
          paddingHorizontal: space(4),
          flexDirection: 'row',
          alignItems: 'center',
          minHeight: PHONE_HEADER,
        },
      ]}
    >
      <View style={{ width: 44 }}>
        {onMinimise === undefined ? null : (
          <IconButton
            round
            icon="down"
            ground="control"
            label={t('call.minimise')}
            keys="Escape"
            onPress={onMinimise}
          />
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
      <View style={{ width: 44 }}>
        {onAdd === undefined ? null : (
          <IconButton round icon="userPlus" ground="control" label={t('group.addPeople')} onPress={onAdd} />
        )}
      </View>
    </View>
  );
}

function WideHeader({ snapshot, onMinimise, onAdd, badge }: CallHeaderProps) {
  const t = useWords();
  const { title, kind, connectedAt, others } = snapshot;
  const muted = others.length === 1 && others[0]?.isMuted === true;
  return (
    <View
      style={[
        passThrough,
        {
          height: HEADER,
          paddingHorizontal: space(5),
          flexDirection: 'row',
          alignItems: 'center',
          gap: space(3),
        },
      ]}
    >
      {onMinimise === undefined ? null : (
        <IconButton
          round
          icon="down"
          label={t('call.minimise')}
          keys="Escape"
          onPress={onMinimise}
          style={{ marginStart: -space(2.5) }}
        />
      )}
      <View style={{ flex: 1 }}>
        <View style={{ flexDirection: 'row', alignItems: 'center', gap: space(1.5) }}>
          {muted ? <Icon name="micOff" size={15} tone="stopInk" /> : null}
          <Text weight="semibold" heading={1} numberOfLines={1} style={{ lineHeight: 20 }}>
            {title}
          </Text>
        </View>
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
      {badge}
      {others.length > 1 ? <Pill icon="users" text={String(others.length + 1)} figures /> : null}
      {onAdd === undefined ? null : <IconButton round icon="userPlus" label={t('group.addPeople')} onPress={onAdd} />}
    </View>
  );
}

function TimerPill({ since }: { readonly since: number }) {
  return (
    <View
      style={{
        flexDirection: 'row',
        alignItems: 'center',
        gap: space(2),
        minHeight: 30,
        paddingHorizontal: space(3),
        borderRadius: radius.full,
        backgroundColor: 'rgba(13, 14, 18, 0.62)',
      }}
    >
      <Icon name="clock" size={14} />
      <Timer since={since} tone="ink" />
    </View>
  );
}

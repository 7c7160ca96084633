import type { ReactNode } from 'react';
import { View } from 'react-native';
import { useSafeAreaInsets } from 'react-native-safe-area-context';
import { radius, space } from '../../theme/tokens';
import { useWide } from '../../theme/useWide';
import { Icon } from '../../ui/Icon';
import { IconButton } from '../../ui/IconButton';
import { Pill } from '../../ui/Pill';
import { Press } from '../../ui/Press';
import { Text } from '../../ui/Text';
import { firstName } from '../../words/format';
import { useWords } from '../../words/words';
import { Timer } from '../call/Timer';
import type { GroupCallSnapshot } from './snapshots';

export interface GroupHeaderProps {
  readonly snapshot: GroupCallSnapshot;
  readonly badge: ReactNode;
  readonly onPeople: () => void;
  readonly onAdd: (() => void) | undefined;
  readonly onMinimise: (() => void) | undefined;
}

/** Which call, for how long, how protected, and with how many. */
export function GroupHeader(props: GroupHeaderProps) {
  return useWide() ? <WideHeader {...props} /> : <PhoneHeader {...props} />;
}

function useSubtitle({ others, self, locked, kind }: GroupCallSnapshot): string {
  const t = useWords();
  const sharer = others.findLast(({ screen }) => screen !== null);
  if (sharer !== undefined) return t('group.shares', { name: firstName(sharer.displayName) });
  if (self.screen !== null) return t('group.youShare');
  if (locked) return t('group.locked');
  return kind === 'video' ? t('call.video') : t('call.audio');
}

function WideHeader({ snapshot, badge, onPeople, onMinimise }: GroupHeaderProps) {
  const t = useWords();
  const { title, connectedAt, count, ringing } = snapshot;
  const waiting = ringing.length > 0 ? t('call.ringing') : t('call.connecting');
  const people = t('group.peopleCount', { count });
  return (
    <View
      style={{ height: 64, paddingHorizontal: space(5), flexDirection: 'row', alignItems: 'center', gap: space(3) }}
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
        <Text weight="semibold" heading={1} numberOfLines={1} style={{ lineHeight: 20 }}>
          {title}
        </Text>
        <Text variant="tiny" tone="quiet" numberOfLines={1}>
          {useSubtitle(snapshot)}
        </Text>
      </View>
      {connectedAt === null ? (
        <Text role="status" variant="small" tone="quiet">
          {waiting}
        </Text>
      ) : (
        <View
          style={{
            flexDirection: 'row',
            alignItems: 'center',
            gap: space(2),
            minHeight: 30,
            paddingHorizontal: space(3),
            borderRadius: radius.full,
            backgroundColor: 'rgba(38, 41, 50, 0.62)',
          }}
        >
          <Icon name="clock" size={14} />
          <Timer since={connectedAt} tone="ink" />
        </View>
      )}
      {badge}
      <Press
        label={people}
        onPress={onPeople}
        tip={people}
        style={{ minHeight: 44, justifyContent: 'center', borderRadius: radius.full }}
      >
        <Pill icon="users" text={String(count)} figures />
      </Press>
    </View>
  );
}

function PhoneHeader({ snapshot, onPeople, onAdd, onMinimise }: GroupHeaderProps) {
  const t = useWords();
  const insets = useSafeAreaInsets();
  const { title, connectedAt, count, ringing } = snapshot;
  const waiting = ringing.length > 0 ? t('call.ringing') : t('call.connecting');
  const people = t('group.peopleCount', { count });
  return (
    <View
      style={{
        paddingTop: insets.top + space(3),
        paddingBottom: space(2),
        paddingHorizontal: space(4),
        flexDirection: 'row',
        alignItems: 'center',
      }}
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
        <Text weight="semibold" heading={1} numberOfLines={1}>
          {title}
        </Text>
        {/* As high as a finger, and no higher than its words to look at. */}
        <Press
          label={people}
          onPress={onPeople}
          style={{ minHeight: 44, marginVertical: -12, justifyContent: 'center', borderRadius: radius.row }}
        >
          <View style={{ flexDirection: 'row', gap: space(1), paddingHorizontal: space(2) }}>
            <Text variant="small" tone="quiet">
              {`${people} ·`}
            </Text>
            {connectedAt === null ? (
              <Text role="status" aria-hidden variant="small" tone="quiet">
                {waiting}
              </Text>
            ) : (
              <Timer since={connectedAt} />
            )}
          </View>
        </Press>
      </View>
      <View style={{ width: 44 }}>
        {onAdd === undefined ? null : (
          <IconButton round icon="userPlus" ground="control" label={t('group.addPeople')} onPress={onAdd} />
        )}
      </View>
    </View>
  );
}

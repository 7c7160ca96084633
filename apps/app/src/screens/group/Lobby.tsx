import { type ReactNode, useState } from 'react';
import { ScrollView, View } from 'react-native';
import { useSafeAreaInsets } from 'react-native-safe-area-context';
import { space } from '../../theme/tokens';
import { Avatar } from '../../ui/Avatar';
import { Button } from '../../ui/Button';
import { IconButton } from '../../ui/IconButton';
import { Text } from '../../ui/Text';
import { useShortcuts } from '../../ui/useShortcuts';
import { firstName, listOf } from '../../words/format';
import { useWords } from '../../words/words';
import { Stage } from '../call/Stage';
import { DevicesDialog } from '../devices/DevicesDialog';
import type { DevicesPanelProps } from '../devices/DevicesPanel';
import type { Person } from '../snapshots';
import { ChoosePeople } from './ChoosePeople';
import { Preview } from './Preview';
import type { LobbySnapshot } from './snapshots';

export interface LobbyProps {
  readonly snapshot: LobbySnapshot;
  readonly onToggleMicrophone?: () => void;
  readonly onToggleCamera?: () => void;
  readonly onExplain?: (source: 'microphone' | 'camera') => void;
  readonly devices?: Omit<DevicesPanelProps, 'columns'>;
  readonly onJoin?: () => void;
  readonly onBack?: () => void;
  /** Whom one can ring; absent where the call goes on already. */
  readonly ring?: RingChoice | undefined;
}

export interface RingChoice {
  readonly people: readonly Person[] | null;
  readonly chosen: readonly string[];
  readonly onChoose: (ids: readonly string[]) => void;
}

/** Before a group: how one looks and sounds, who is there, and who shall be. */
export function Lobby(props: LobbyProps) {
  const { snapshot, onJoin, ring } = props;
  const t = useWords();
  const [choosing, setChoosing] = useState(false);
  const close = () => setChoosing(false);
  const names = (ring?.people ?? [])
    .filter(({ id }) => ring?.chosen.includes(id))
    .map(({ displayName }) => firstName(displayName));
  return (
    <LobbyPage
      {...props}
      above={
        ring !== undefined && choosing
          ? {
              close,
              what: (
                <ChoosePeople
                  title={t('lobby.ring')}
                  action={t('lobby.ringChosen')}
                  people={ring.people}
                  nobody={t('home.nobodyYet')}
                  chosen={ring.chosen}
                  onChoose={ring.onChoose}
                  onClose={close}
                />
              ),
            }
          : null
      }
    >
      {snapshot.locked === true ? (
        <Text role="status" align="center">
          {t('lobby.locked')}
        </Text>
      ) : null}
      <Button
        kind="call"
        icon={snapshot.kind === 'video' ? 'video' : 'phone'}
        label={t('lobby.join')}
        busy={snapshot.busy}
        onPress={onJoin}
      />
      {ring === undefined ? null : (
        <>
          <Button kind="outline" icon="bell" label={t('lobby.ring')} onPress={() => setChoosing(true)} />
          {/* By default nobody: whoever is in the channel sees the call and can join. */}
          <Text variant="small" tone="quiet" align="center">
            {names.length === 0 ? t('lobby.ringsNobody') : t('lobby.rings', { names: listOf(names) })}
          </Text>
        </>
      )}
    </LobbyPage>
  );
}

export interface LobbyPageProps extends LobbyProps {
  /** What leads in. */
  readonly children: ReactNode;
  /** What lies over it, and how that is closed. */
  readonly above?: { readonly what: ReactNode; readonly close: () => void } | null;
}

/** What the lobby of members and that of guests have in common. */
export function LobbyPage(props: LobbyPageProps) {
  const { snapshot, onBack, children, devices, above = null } = props;
  const { title, self, inside } = snapshot;
  const t = useWords();
  const insets = useSafeAreaInsets();
  const [showsDevices, setShowsDevices] = useState(false);
  const closeDevices = () => setShowsDevices(false);
  useShortcuts({
    m: self.microphone === null ? props.onToggleMicrophone : undefined,
    v: self.camera === null ? props.onToggleCamera : undefined,
    escape: above !== null ? above.close : showsDevices ? closeDevices : onBack,
  });
  return (
    <Stage>
      <ScrollView
        contentContainerStyle={{
          flexGrow: 1,
          justifyContent: 'center',
          alignItems: 'center',
          paddingTop: insets.top + space(16),
          paddingBottom: insets.bottom + space(8),
          paddingHorizontal: space(4),
        }}
      >
        <View style={{ width: '100%', maxWidth: 560, gap: space(5) }}>
          <View style={{ alignItems: 'center', gap: space(1) }}>
            <Text variant="heading22" heading={1} align="center" numberOfLines={2}>
              {title}
            </Text>
            <Inside people={inside} count={snapshot.count} />
          </View>
          <Preview
            self={self}
            onToggleMicrophone={props.onToggleMicrophone}
            onToggleCamera={props.onToggleCamera}
            onExplain={props.onExplain}
            onDevices={devices && (() => setShowsDevices(true))}
          />
          <View style={{ gap: space(4), alignSelf: 'center', width: '100%', maxWidth: 360 }}>{children}</View>
        </View>
      </ScrollView>
      {onBack === undefined ? null : (
        <View style={{ position: 'absolute', top: insets.top + space(4), start: insets.left + space(4) }}>
          <IconButton round icon="back" ground="control" label={t('states.back')} keys="Escape" onPress={onBack} />
        </View>
      )}
      {devices !== undefined && showsDevices ? <DevicesDialog {...devices} onClose={closeDevices} /> : null}
      {above?.what}
    </Stage>
  );
}

/** So many are named; the others are counted. */
const NAMED = 3;

function Inside({ people, count }: { readonly people: readonly Person[]; readonly count: number | undefined }) {
  const t = useWords();
  if (people.length === 0 && count !== undefined && count > 0)
    return <Text tone="quiet">{t('lobby.count', { count })}</Text>;
  if (people.length === 0) return <Text tone="quiet">{t('lobby.nobody')}</Text>;
  const names = people.slice(0, NAMED).map(({ displayName }) => firstName(displayName));
  const more = people.length - names.length;
  const list = listOf(more > 0 ? [...names, t('lobby.more', { count: more })] : names);
  return (
    <View style={{ alignItems: 'center', gap: space(2) }}>
      <Text tone="quiet" align="center">
        {t('lobby.inside', { count: people.length, names: list })}
      </Text>
      <View aria-hidden style={{ flexDirection: 'row' }}>
        {people.slice(0, 6).map(({ id, displayName }, index) => (
          <View key={id} style={{ marginStart: index === 0 ? 0 : -space(2) }}>
            <Avatar id={id} displayName={displayName} size={36} />
          </View>
        ))}
      </View>
    </View>
  );
}

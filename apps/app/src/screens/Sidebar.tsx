import { memo, type ReactNode, useState } from 'react';
import { ScrollView, View } from 'react-native';
import { useSafeAreaInsets } from 'react-native-safe-area-context';
import { paths } from '../paths';
import { useColors } from '../theme/ThemeProvider';
import { size, space } from '../theme/tokens';
import { useWide } from '../theme/useWide';
import { Avatar } from '../ui/Avatar';
import { Badge } from '../ui/Badge';
import { Button } from '../ui/Button';
import { Icon } from '../ui/Icon';
import { IconButton } from '../ui/IconButton';
import { RowLink } from '../ui/RowLink';
import { type Connection, ConnectionNotice } from '../ui/States';
import { Text } from '../ui/Text';
import { TextField } from '../ui/TextField';
import { TextLink } from '../ui/TextLink';
import { useWords } from '../words/words';
import type { ChannelRow, Person, SidebarSnapshot } from './snapshots';

export interface SidebarProps {
  readonly snapshot: SidebarSnapshot;
  readonly connection: Connection;
  readonly onNavigate?: (path: string) => void;
  readonly onCreateChannel?: (name: string) => void;
}

/** The team: beside the pane on a desktop, the start screen on a phone. */
export function Sidebar({ snapshot, connection, onNavigate, onCreateChannel }: SidebarProps) {
  const t = useWords();
  const colors = useColors();
  const insets = useSafeAreaInsets();
  const { team, me, channels, people, unreadCalls, current } = snapshot;
  // On a phone it is the page; beside a pane, whose heading is the page's, it is a part.
  const wide = useWide();
  const [naming, setNaming] = useState(false);
  const go = (path: string) => () => onNavigate?.(path);
  const online = [me, ...people].filter(
    (person) => person.presence !== undefined && person.presence !== 'offline',
  ).length;

  return (
    <View role="navigation" aria-label={t('home.navigation')} style={{ flex: 1, backgroundColor: colors.panel }}>
      <View
        style={{
          flexDirection: 'row',
          alignItems: 'center',
          gap: space(3),
          paddingTop: insets.top + space(4),
          paddingBottom: space(3),
          paddingHorizontal: space(5.5),
        }}
      >
        <View
          aria-hidden
          style={{
            width: 36,
            height: 36,
            borderRadius: 10,
            backgroundColor: colors.accent,
            alignItems: 'center',
            justifyContent: 'center',
          }}
        >
          <Text weight="semibold" tone="onAccent">
            {(Array.from(team.name)[0] ?? '').toLocaleUpperCase()}
          </Text>
        </View>
        <View style={{ flex: 1 }}>
          <Text weight="semibold" numberOfLines={1} heading={wide ? 2 : 1} style={{ lineHeight: 20 }}>
            {team.name}
          </Text>
          <Text variant="tiny" tone="quiet" figures numberOfLines={1}>
            {t('home.teamCounts', {
              people: t('home.people', { count: people.length + 1 }),
              online: t('home.online', { count: online }),
            })}
          </Text>
        </View>
      </View>
      <ConnectionNotice connection={connection} />

      <ScrollView style={{ flex: 1 }} contentContainerStyle={{ paddingHorizontal: space(3), paddingBottom: space(4) }}>
        <SectionTitle
          text={t('home.channels')}
          action={
            onCreateChannel === undefined ? null : (
              <IconButton
                icon={naming ? 'close' : 'plus'}
                iconSize={18}
                tone="quiet"
                label={naming ? t('notices.dismiss') : t('home.newChannel')}
                onPress={() => setNaming(!naming)}
              />
            )
          }
        />
        {naming && onCreateChannel !== undefined ? (
          <NewChannel
            onCreate={(name) => {
              setNaming(false);
              onCreateChannel(name);
            }}
          />
        ) : null}
        {channels.map((channel) => (
          <ChannelLink
            key={channel.id}
            row={channel}
            isCurrent={current === paths.channel(channel.id)}
            onNavigate={onNavigate}
          />
        ))}

        <SectionTitle text={t('home.people')} action={null} />
        {people.length === 0 ? (
          <View style={{ alignItems: 'flex-start', paddingStart: space(1) }}>
            <Text variant="small" tone="quiet" style={{ paddingHorizontal: space(2) }}>
              {t('home.nobodyYet')}
            </Text>
            <TextLink label={t('settings.invite')} href={paths.settings} onPress={go(paths.settings)} />
          </View>
        ) : null}
        {people.map((person) => (
          <PersonLink
            key={person.id}
            row={person}
            isCurrent={current === paths.person(person.id)}
            onNavigate={onNavigate}
          />
        ))}
      </ScrollView>

      <View style={{ paddingHorizontal: space(3), paddingBottom: insets.bottom + space(3) }}>
        <RowLink
          href={paths.calls}
          title={t('home.calls')}
          label={unreadCalls === 0 ? t('home.calls') : t('home.callsMissed', { count: unreadCalls })}
          lead={<Icon name="phone" size={19} tone={current === paths.calls ? 'accent' : 'ink'} />}
          trail={<Badge count={unreadCalls} />}
          current={current === paths.calls}
          onPress={go(paths.calls)}
        />
        <View style={{ flexDirection: 'row', alignItems: 'center', gap: space(3), paddingStart: space(3) }}>
          <Avatar id={me.id} displayName={me.displayName} size={28} presence={me.presence} ground="panel" />
          <Text numberOfLines={1} style={{ flex: 1 }}>
            {me.displayName}
          </Text>
          {me.quiet === true ? (
            <View role="img" aria-label={t('presence.quiet')}>
              <Icon name="moon" size={16} tone="quiet" />
            </View>
          ) : null}
          <View style={{ flexDirection: 'row' }}>
            <IconButton
              icon="settings"
              label={t('home.settings')}
              iconSize={18}
              href={paths.settings}
              current={current === paths.settings}
              onPress={go(paths.settings)}
            />
          </View>
        </View>
      </View>
    </View>
  );
}

function SectionTitle({ text, action }: { readonly text: string; readonly action: ReactNode }) {
  return (
    <View
      style={{
        flexDirection: 'row',
        alignItems: 'center',
        justifyContent: 'space-between',
        minHeight: size.touch,
        paddingStart: space(3),
        marginTop: space(1),
      }}
    >
      <Text variant="tiny" weight="semibold" tone="quiet" heading={2}>
        {text}
      </Text>
      {action}
    </View>
  );
}

interface LinkProps<T> {
  readonly row: T;
  readonly isCurrent: boolean;
  readonly onNavigate: ((path: string) => void) | undefined;
}

/** Whoever comes or goes is one row of many: the others, whose objects are the same, stay as they are drawn. */
const ChannelLink = memo(function ChannelLink({ row: channel, isCurrent, onNavigate }: LinkProps<ChannelRow>) {
  const t = useWords();
  const href = paths.channel(channel.id);
  const inCall = channel.inCall ?? 0;
  const unread = channel.unread ?? 0;
  const label =
    inCall > 0
      ? t('home.channelInCall', { name: channel.name, count: inCall })
      : unread > 0
        ? t('home.unread', { name: channel.name, count: unread })
        : channel.name;
  return (
    <RowLink
      href={href}
      title={channel.name}
      label={label}
      current={isCurrent}
      strong={unread > 0}
      lead={<Icon name="channel" size={18} tone={isCurrent ? 'accent' : 'ink'} />}
      trail={
        inCall > 0 ? (
          <View style={{ flexDirection: 'row', alignItems: 'center', gap: space(1) }}>
            <Icon name="phone" size={14} tone="callInk" />
            <Text variant="tiny" weight="semibold" tone="callInk" figures>
              {inCall}
            </Text>
          </View>
        ) : (
          <Badge count={unread} />
        )
      }
      onPress={() => onNavigate?.(href)}
    />
  );
});

const PersonLink = memo(function PersonLink({ row: person, isCurrent, onNavigate }: LinkProps<Person>) {
  const t = useWords();
  const href = paths.person(person.id);
  const presence = person.presence ?? 'offline';
  const quiet = person.quiet === true;
  return (
    <RowLink
      href={href}
      title={person.displayName}
      label={[person.displayName, t(`presence.${presence}`), ...(quiet ? [t('presence.quiet')] : [])].join(', ')}
      current={isCurrent}
      lead={
        <Avatar
          id={person.id}
          displayName={person.displayName}
          size={28}
          presence={presence === 'in_call' ? 'online' : presence}
          ground={isCurrent ? 'accentGround' : 'panel'}
        />
      }
      trail={
        <>
          {presence === 'in_call' ? (
            <Text variant="tiny" tone="quiet">
              {t('home.inCall')}
            </Text>
          ) : null}
          {quiet ? <Icon name="moon" size={14} tone="quiet" /> : null}
        </>
      }
      onPress={() => onNavigate?.(href)}
    />
  );
});

function NewChannel({ onCreate }: { readonly onCreate: (name: string) => void }) {
  const t = useWords();
  const [name, setName] = useState('');
  const submit = () => {
    if (name.trim() !== '') onCreate(name.trim());
  };
  return (
    <View style={{ gap: space(2), paddingHorizontal: space(3), paddingBottom: space(3) }}>
      <TextField
        label={t('home.channelName')}
        value={name}
        onChangeText={setName}
        autoFocus
        autoCapitalize="none"
        maxLength={80}
        onSubmitEditing={submit}
      />
      <Button compact label={t('home.createChannel')} disabled={name.trim() === ''} onPress={submit} />
    </View>
  );
}

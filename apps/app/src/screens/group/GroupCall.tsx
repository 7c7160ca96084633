import { sameTile, type Tile } from '@parley/domain';
import { useCallback, useEffect, useState } from 'react';
import { useWindowDimensions, View } from 'react-native';
import { useSafeAreaInsets } from 'react-native-safe-area-context';
import { space } from '../../theme/tokens';
import { useWide } from '../../theme/useWide';
import { Button } from '../../ui/Button';
import { useShortcuts } from '../../ui/useShortcuts';
import { useWords } from '../../words/words';
import { LeaveQuestion } from '../call/LeaveQuestion';
import { TellingApart } from '../call/namesakes';
import { ProtectionBadge, ProtectionDialog } from '../call/Protection';
import { Quality } from '../call/Quality';
import { Stage } from '../call/Stage';
import { StageNotices } from '../call/StageNotices';
import { AUDIBLE, type SoundState } from '../call/sound';
import { DevicesDialog } from '../devices/DevicesDialog';
import type { DevicesPanelProps } from '../devices/DevicesPanel';
import type { Person } from '../snapshots';
import { AddPeople } from './AddPeople';
import { ChatPanel } from './ChatPanel';
import { GroupControls, ROOMY, SideControls } from './GroupControls';
import { GroupHeader } from './GroupHeader';
import { GroupStage, type InSight } from './GroupStage';
import { Knocks } from './Knocks';
import type { LinkActionsProps } from './LinkActions';
import { Menu, type MenuItem } from './Menu';
import { PeoplePanel } from './PeoplePanel';
import { Reactions } from './Reactions';
import type { GroupCallSnapshot, ListedPerson, Roster } from './snapshots';

export interface GroupCallProps {
  readonly snapshot: GroupCallSnapshot;
  readonly onToggleMicrophone?: () => void;
  readonly onToggleCamera?: () => void;
  readonly onExplain?: (source: 'microphone' | 'camera') => void;
  /** Shares a screen, or stops. */
  readonly onShare?: () => void;
  readonly onHand?: () => void;
  readonly onReact?: (emoji: string) => void;
  readonly onSend?: (text: string) => void;
  /** The chat is open: what is there has been read. */
  readonly onRead?: () => void;
  readonly onDataSaver?: (on: boolean) => void;
  readonly devices?: Omit<DevicesPanelProps, 'columns'>;
  readonly onMinimise?: () => void;
  readonly onLeave?: () => void;
  /** Whether the others can be heard. */
  readonly sound?: SoundState;
  readonly onInSight?: (sight: InSight) => void;
  /** Whom one can add; absent where one may not. */
  readonly addable?: { readonly people: readonly Person[] | null; readonly onAdd: (ids: readonly string[]) => void };
  /** The link to this call; absent where there is none. */
  readonly link?: LinkActionsProps;
  /** Everybody of a call of many. */
  readonly roster?: Roster | undefined;
  /** What a host may do. */
  readonly onMute?: (personId: string) => void;
  readonly onRemove?: (personId: string) => void;
  readonly onLock?: (locked: boolean) => void;
  readonly onEndForAll?: () => void;
  readonly onAdmit?: (knockId: string, admitted: boolean) => void;
  /** For the gallery: what is open at first. */
  readonly opened?: Open;
}

type Open =
  | 'leave'
  | 'end'
  | 'protection'
  | 'more'
  | 'add'
  | 'devices'
  | 'people'
  | 'chat'
  | 'reactions'
  /** `person`: where they may not be on the stage. */
  | { readonly options: Tile; readonly person?: ListedPerson }
  | null;

/** A call of several, with everything around their pictures. */
export function GroupCall(props: GroupCallProps) {
  const { snapshot, onLeave, onMinimise } = props;
  const { self, protection, connectedAt } = snapshot;
  const t = useWords();
  const insets = useSafeAreaInsets();
  const wide = useWide();
  const roomy = useWindowDimensions().width >= ROOMY;
  const [open, setOpen] = useState<Open>(props.opened ?? null);
  const [view, setView] = useState<'grid' | 'speaker'>('grid');
  const [pinned, setPinned] = useState<Tile | null>(null);
  const covered = !wide && (open === 'people' || open === 'chat');
  const close = () => setOpen(null);
  const chooseTile = useCallback((tile: Tile) => setOpen({ options: tile }), []);
  const sound = props.sound ?? AUDIBLE;
  const toggle = (panel: 'people' | 'chat' | 'reactions') => setOpen(open === panel ? null : panel);
  const openChat = () => toggle('chat');
  const { onRead } = props;
  const reads = open === 'chat' && snapshot.unread > 0;
  // What comes while it is open is read as it comes.
  useEffect(() => {
    if (reads) onRead?.();
  }, [reads, onRead]);
  const { onEndForAll } = props;
  // Whoever is alone ends nobody's call but their own.
  const end = onEndForAll && (snapshot.count > 1 ? () => setOpen('end') : onEndForAll);
  const add = props.addable === undefined ? undefined : () => setOpen('add');
  useShortcuts({
    m: self.microphone === null ? props.onToggleMicrophone : undefined,
    v: self.camera === null ? props.onToggleCamera : undefined,
    s: self.canShare ? props.onShare : undefined,
    h: props.onHand,
    escape: open === null ? onMinimise : close,
    'shift+escape': onLeave && (() => setOpen('leave')),
  });

  const more: MenuItem[] = [];
  const offer = (icon: MenuItem['icon'], label: string, onPress: (() => void) | undefined, stop = false) => {
    if (onPress !== undefined) more.push({ icon, label, onPress, stop });
  };
  if (!wide) {
    if (self.canShare)
      offer(
        self.screen === null ? 'share' : 'stopSharing',
        self.screen === null ? t('group.share') : t('group.stopSharing'),
        props.onShare,
      );
    offer('smile', t('group.react'), props.onReact && (() => setOpen('reactions')));
    offer('message', t('group.chat'), props.onSend && openChat);
  }
  if (view === 'grid') offer('speaker', t('group.speakerView'), () => setView('speaker'));
  else offer('grid', t('group.gridView'), () => setView('grid'));
  const { onDataSaver, dataSaver } = { onDataSaver: props.onDataSaver, dataSaver: snapshot.dataSaver };
  offer(
    'saver',
    dataSaver ? t('group.dataSaverOff') : t('group.dataSaverOn'),
    onDataSaver && (() => onDataSaver(!dataSaver)),
  );
  offer('settings', t('group.devices'), props.devices && (() => setOpen('devices')));
  if (!roomy) offer('phoneOff', t('group.endForAll'), end, true);

  const badge =
    protection !== null && connectedAt !== null ? (
      <ProtectionBadge protection={protection} onPress={() => setOpen('protection')} />
    ) : null;
  const knocks = props.onAdmit !== undefined && open !== 'people' ? snapshot.knocks.slice(0, 2) : [];

  return (
    <Stage>
      <View role="region" aria-label={t('call.region')} style={{ flex: 1 }}>
        {/* A phone's panel covers it all: what lies beneath takes no press and no focus. */}
        <View style={{ flex: 1, display: covered ? 'none' : 'flex' }}>
          <GroupHeader
            snapshot={snapshot}
            badge={badge}
            onPeople={() => toggle('people')}
            onAdd={add}
            onMinimise={onMinimise}
          />
          <View style={{ flex: 1, flexDirection: 'row', gap: space(4), paddingHorizontal: space(wide ? 5 : 3) }}>
            <TellingApart people={[self, ...snapshot.others]}>
              <GroupStage
                snapshot={snapshot}
                view={view}
                pinned={pinned}
                onOptions={chooseTile}
                onInSight={props.onInSight}
              />
            </TellingApart>
            {wide ? <Panel open={open} props={props} onOptions={setOpen} onClose={close} /> : null}
          </View>
          {knocks.length === 0 || props.onAdmit === undefined ? null : (
            <View
              style={{
                position: 'absolute',
                top: insets.top + 76,
                start: space(4),
                end: space(4),
                alignItems: 'center',
                pointerEvents: 'box-none',
              }}
            >
              <View style={{ width: 340, maxWidth: '100%' }}>
                <Knocks knocks={knocks} onAdmit={props.onAdmit} />
              </View>
            </View>
          )}
          <StageNotices snapshot={snapshot} />
          <View
            style={{
              paddingTop: space(wide ? 5 : 4),
              paddingBottom: insets.bottom + space(5),
              gap: space(3),
              alignItems: 'center',
            }}
          >
            {open === 'reactions' && props.onReact !== undefined ? <Reactions onReact={props.onReact} /> : null}
            {sound.blocked ? (
              <Button kind="call" icon="sound" label={t('call.tapToHear')} onPress={sound.retry} />
            ) : null}
            {wide ? null : badge}
            <GroupControls
              self={self}
              onToggleMicrophone={props.onToggleMicrophone}
              onToggleCamera={props.onToggleCamera}
              onExplain={props.onExplain}
              onShare={props.onShare}
              onHand={props.onHand}
              onReact={props.onReact && (() => toggle('reactions'))}
              onMore={() => setOpen('more')}
              onLeave={onLeave}
              onEndForAll={end}
            />
            {wide ? (
              <>
                {roomy ? <Quality quality={snapshot.quality} /> : null}
                <View style={{ position: 'absolute', end: insets.right + space(5), bottom: insets.bottom + space(5) }}>
                  <SideControls
                    unread={reads ? 0 : snapshot.unread}
                    chatOpen={open === 'chat'}
                    onAdd={add}
                    onChat={openChat}
                  />
                </View>
              </>
            ) : null}
          </View>
        </View>
        {wide ? null : <Panel open={open} props={props} onOptions={setOpen} onClose={close} />}
        {open === 'leave' && onLeave !== undefined ? <LeaveQuestion onLeave={onLeave} onStay={close} /> : null}
        {open === 'end' && onEndForAll !== undefined ? (
          <LeaveQuestion
            forAll
            onLeave={() => {
              close();
              onEndForAll();
            }}
            onStay={close}
          />
        ) : null}
        {open === 'protection' && protection !== null ? (
          <ProtectionDialog protection={protection} onClose={close} />
        ) : null}
        {open === 'more' ? <Menu title={t('call.more')} items={more} onClose={close} /> : null}
        {open === 'devices' && props.devices !== undefined ? (
          <DevicesDialog {...props.devices} onClose={close} />
        ) : null}
        {open === 'add' && props.addable !== undefined ? (
          <AddPeople {...props.addable} {...(props.link === undefined ? {} : { link: props.link })} onClose={close} />
        ) : null}
        {open !== null && typeof open === 'object' ? (
          <Options
            tile={open.options}
            listed={open.person}
            props={props}
            pinned={pinned}
            onPin={setPinned}
            onClose={close}
          />
        ) : null}
      </View>
    </Stage>
  );
}

interface PanelProps {
  readonly open: Open;
  readonly props: GroupCallProps;
  readonly onOptions: (open: Open) => void;
  readonly onClose: () => void;
}

function Panel({ open, props, onOptions, onClose }: PanelProps) {
  const { snapshot } = props;
  if (open === 'chat') return <ChatPanel messages={snapshot.messages} onSend={props.onSend} onClose={onClose} />;
  if (open !== 'people') return null;
  return (
    <PeoplePanel
      snapshot={snapshot}
      roster={props.roster}
      onOptions={(person) => onOptions({ options: { source: 'camera', userId: person.id }, person })}
      onAdmit={props.onAdmit}
      onLock={props.onLock}
      link={props.link}
      onClose={onClose}
    />
  );
}

interface OptionsProps {
  readonly tile: Tile;
  readonly listed: ListedPerson | undefined;
  readonly props: GroupCallProps;
  readonly pinned: Tile | null;
  readonly onPin: (tile: Tile | null) => void;
  readonly onClose: () => void;
}

/** What can be done with a tile, and by a host with the person. */
function Options({ tile, listed, props, pinned, onPin, onClose }: OptionsProps) {
  const t = useWords();
  const { others, self } = props.snapshot;
  const onStage = tile.userId === self.id ? self : others.find(({ id }) => id === tile.userId);
  const person = onStage ?? listed ?? self;
  const isPinned = pinned !== null && sameTile(pinned, tile);
  const { onMute, onRemove } = props;
  const items: MenuItem[] = [];
  if (isPinned) items.push({ icon: 'unpin', label: t('group.unpin'), onPress: () => onPin(null) });
  else if (onStage !== undefined) items.push({ icon: 'pin', label: t('group.pin'), onPress: () => onPin(tile) });
  if (person.id !== self.id && tile.source === 'camera') {
    if (onMute !== undefined && !person.isMuted)
      items.push({ icon: 'micOff', label: t('group.mute'), onPress: () => onMute(person.id) });
    if (onRemove !== undefined)
      items.push({ icon: 'remove', label: t('group.remove'), onPress: () => onRemove(person.id), stop: true });
  }
  return <Menu title={person.displayName} items={items} onClose={onClose} />;
}

import { useState } from 'react';
import { View } from 'react-native';
import { useSafeAreaInsets } from 'react-native-safe-area-context';
import { space } from '../theme/tokens';
import { useWide } from '../theme/useWide';
import { Button } from '../ui/Button';
import { passThrough } from '../ui/passThrough';
import { useShortcuts } from '../ui/useShortcuts';
import { webProps } from '../ui/web';
import { useWords } from '../words/words';
import { CallHeader } from './call/CallHeader';
import { ConnectionDetails } from './call/ConnectionDetails';
import { Controls } from './call/Controls';
import { Fade } from './call/Fade';
import { LeaveQuestion } from './call/LeaveQuestion';
import { Others } from './call/Others';
import { ProtectionBadge, ProtectionDialog } from './call/Protection';
import { Quality } from './call/Quality';
import { Said } from './call/Said';
import { SelfInset } from './call/SelfInset';
import { SharedStage } from './call/SharedStage';
import { BAR, HEADER, PHONE_HEADER, Scrim, Stage } from './call/Stage';
import { ExtraControls, extrasWidth, MoreMenu, type StageSwitch, useExtras } from './call/StageMenu';
import { StageNotices } from './call/StageNotices';
import type { Corner, Rect, Size } from './call/snap';
import { AUDIBLE, type SoundState } from './call/sound';
import { CONTROLS, useHidingControls } from './call/useHidingControls';
import { DevicesDialog } from './devices/DevicesDialog';
import type { DevicesPanelProps } from './devices/DevicesPanel';
import { AddPeople, type AddPeopleProps } from './group/AddPeople';
import type { ActiveCallSnapshot } from './snapshots';

export interface ActiveCallProps {
  readonly snapshot: ActiveCallSnapshot;
  readonly onToggleMicrophone?: () => void;
  readonly onToggleCamera?: () => void;
  /** The picture that a weak connection took away stays away. */
  readonly onLeaveOff?: () => void;
  readonly onSwitchCamera?: () => void;
  /** Shares a screen, or stops. */
  readonly onShare?: () => void;
  /** Sound alone, or pictures again. */
  readonly onDataSaver?: (on: boolean) => void;
  readonly onExplain?: (source: 'microphone' | 'camera') => void;
  readonly onLeave?: () => void;
  /** Back to the chat while the call goes on. */
  readonly onMinimise?: () => void;
  /** Whether the others can be heard. */
  readonly sound?: SoundState;
  /** Whom one can add; absent where one may not. */
  readonly addable?: Pick<AddPeopleProps, 'people' | 'onAdd'>;
  readonly fullScreen?: StageSwitch | undefined;
  readonly pictureInPicture?: StageSwitch | undefined;
  readonly onShortcuts?: () => void;
  /** Puts text into the clipboard. */
  readonly onCopy?: ((text: string) => Promise<void>) | undefined;
  readonly devices?: Omit<DevicesPanelProps, 'columns'>;
  /** Where one's own picture lies. */
  readonly corner?: Corner;
  readonly onCorner?: (corner: Corner) => void;
}

const NOWHERE: Rect = { x: 0, y: 0, width: 0, height: 0 };
type Open = 'leave' | 'protection' | 'more' | 'details' | 'devices' | 'add' | null;
/** A row of four, the end and the margins: where there are more, devices go behind *More*. */
const ROOM_FOR_DEVICES = 360;

export function ActiveCall(props: ActiveCallProps) {
  const { snapshot, onToggleMicrophone, onToggleCamera, onLeave, onMinimise, fullScreen, pictureInPicture } = props;
  const { others, self, protection, reconnecting, connectedAt } = snapshot;
  const t = useWords();
  const insets = useSafeAreaInsets();
  const wide = useWide();
  const [open, setOpen] = useState<Open>(null);
  const close = () => setOpen(null);
  const [size, setSize] = useState<Size>({ width: 0, height: 0 });
  const [block, setBlock] = useState(NOWHERE);
  const [column, setColumn] = useState(NOWHERE);
  const sound = props.sound ?? AUDIBLE;
  const onDevices = props.devices === undefined ? undefined : () => setOpen('devices');
  const onShare = self.canShare === true ? props.onShare : undefined;
  const sharing = self.screen != null;
  const { onDataSaver } = props;
  const all = useExtras({
    dataSaver: onDataSaver && { on: snapshot.dataSaver === true, set: onDataSaver },
    share: wide || onShare === undefined ? undefined : { on: sharing, set: onShare },
    fullScreen,
    pictureInPicture,
    onDetails: () => setOpen('details'),
    onDevices,
    onShortcuts: props.onShortcuts,
  });
  // Beside the controls, which stay in the middle, if there is room on both sides for as much.
  const beside = wide && size.width >= column.width + 2 * (extrasWidth(all.length) + space(5) + space(3));
  const inRow = !beside && size.width >= ROOM_FOR_DEVICES && props.onSwitchCamera === undefined;
  const extras = inRow ? all.filter(({ icon }) => icon !== 'devices') : all;

  const group = others.length > 1;
  const pictures = others.some((person) => person.videoEnabled && person.stream !== null);
  const shared = others.some(({ screen }) => screen != null);
  const { shown, onMovement } = useHidingControls(
    !pictures || shared || reconnecting || open !== null || sound.blocked,
  );
  const badge = protection !== null && connectedAt !== null;

  // On a desktop what is drawn at the bottom reaches from edge to edge, on a phone it stands in the middle. A browser tells of
  // a size that has changed, and not of a place: that is worked out.
  const controls: Rect = wide
    ? { ...block, x: 0, y: size.height - block.height }
    : { ...column, x: (size.width - column.width) / 2, y: size.height - block.height + column.y };
  const onEscape = open !== null ? close : fullScreen?.on ? () => fullScreen.set(false) : onMinimise;
  useShortcuts({
    m: self.microphone === null ? onToggleMicrophone : undefined,
    v: self.camera === null ? onToggleCamera : undefined,
    s: onShare,
    f: fullScreen && (() => fullScreen.set(!fullScreen.on)),
    escape: onEscape,
    'shift+escape': onLeave && (() => setOpen('leave')),
  });

  return (
    <Stage onTouchStart={onMovement}>
      <View
        role="region"
        aria-label={t('call.region')}
        onLayout={({ nativeEvent: { layout } }) => setSize({ width: layout.width, height: layout.height })}
        style={{ flex: 1 }}
      >
        {shared ? (
          <View
            style={{
              position: 'absolute',
              top: wide ? HEADER : insets.top + PHONE_HEADER,
              bottom: Math.max(BAR, block.height),
              left: space(wide ? 5 : 3),
              right: space(wide ? 5 : 3),
            }}
          >
            <SharedStage snapshot={snapshot} />
          </View>
        ) : (
          <Others others={others} tagged={wide && !shown} />
        )}
        {pictures && !group && !shared ? (
          <Fade shown={shown} style={{ position: 'absolute', inset: 0, pointerEvents: 'none' }}>
            <Scrim edge="top" height={Math.min(wide ? 150 : 200, size.height * 0.35)} />
            <Scrim edge="bottom" height={Math.min(wide ? 220 : 320, size.height * 0.45)} />
          </Fade>
        ) : null}
        {shared ? null : <SelfInset self={self} controls={controls} corner={props.corner} onCorner={props.onCorner} />}

        <Fade shown={shown} style={{ position: 'absolute', top: 0, left: 0, right: 0 }}>
          <View {...webProps({ dataSet: CONTROLS })} style={passThrough}>
            <CallHeader
              snapshot={snapshot}
              onMinimise={onMinimise}
              onAdd={props.addable && (() => setOpen('add'))}
              badge={
                wide && badge ? <ProtectionBadge protection={protection} onPress={() => setOpen('protection')} /> : null
              }
            />
          </View>
        </Fade>

        <StageNotices
          snapshot={snapshot}
          onInsist={self.camera === null ? onToggleCamera : undefined}
          onLeaveOff={props.onLeaveOff}
        />
        <Said call={snapshot} />

        <Fade shown={shown} style={{ position: 'absolute', bottom: 0, left: 0, right: 0 }}>
          <View
            {...webProps({ dataSet: CONTROLS })}
            onLayout={({ nativeEvent: { layout } }) => setBlock(layout)}
            style={[
              passThrough,
              {
                alignItems: 'center',
                paddingTop: space(2),
                paddingBottom: insets.bottom + space(wide ? 5 : 8),
              },
            ]}
          >
            <View
              onLayout={({ nativeEvent: { layout } }) => setColumn(layout)}
              style={[passThrough, { gap: space(wide ? 5 : 4), alignItems: 'center', maxWidth: '100%' }]}
            >
              {sound.blocked ? (
                <Button kind="call" icon="sound" label={t('call.tapToHear')} onPress={sound.retry} />
              ) : null}
              {!wide && badge ? (
                <ProtectionBadge protection={protection} onPress={() => setOpen('protection')} />
              ) : null}
              <Controls
                self={self}
                showCamera
                onToggleMicrophone={onToggleMicrophone}
                onToggleCamera={onToggleCamera}
                onSwitchCamera={props.onSwitchCamera}
                onExplain={props.onExplain}
                onShare={wide ? onShare : undefined}
                onDevices={inRow ? onDevices : undefined}
                onMore={!beside && extras.length > 0 ? () => setOpen('more') : undefined}
                end={{ label: t('call.leave'), keys: 'Shift+Escape', onPress: onLeave }}
              />
            </View>
            {wide ? <Quality quality={snapshot.quality} /> : null}
            {beside ? (
              <View
                style={{
                  position: 'absolute',
                  insetInlineEnd: Math.max(insets.left, insets.right) + space(5),
                  bottom: insets.bottom + space(5),
                }}
              >
                <ExtraControls extras={extras} />
              </View>
            ) : null}
          </View>
        </Fade>
        {open === 'leave' && onLeave !== undefined ? <LeaveQuestion onLeave={onLeave} onStay={close} /> : null}
        {open === 'protection' && protection !== null ? (
          <ProtectionDialog protection={protection} onClose={close} />
        ) : null}
        {open === 'details' ? (
          <ConnectionDetails figures={snapshot} quality={snapshot.quality} onCopy={props.onCopy} onClose={close} />
        ) : null}
        {open === 'devices' && props.devices !== undefined ? (
          <DevicesDialog {...props.devices} onClose={close} />
        ) : null}
        {open === 'add' && props.addable !== undefined ? <AddPeople {...props.addable} onClose={close} /> : null}
        {open === 'more' ? <MoreMenu extras={extras} onClose={close} /> : null}
      </View>
    </Stage>
  );
}

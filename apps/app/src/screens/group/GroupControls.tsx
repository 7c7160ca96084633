import { useWindowDimensions, View } from 'react-native';
import { useColors } from '../../theme/ThemeProvider';
import { space } from '../../theme/tokens';
import { useWide } from '../../theme/useWide';
import { Button } from '../../ui/Button';
import { RoundControl } from '../../ui/RoundControl';
import { Text } from '../../ui/Text';
import { useWords } from '../../words/words';
import type { SelfInGroup } from './snapshots';

export interface GroupControlsProps {
  readonly self: SelfInGroup;
  readonly onToggleMicrophone: (() => void) | undefined;
  readonly onToggleCamera: (() => void) | undefined;
  readonly onExplain: ((source: 'microphone' | 'camera') => void) | undefined;
  readonly onShare: (() => void) | undefined;
  readonly onHand: (() => void) | undefined;
  readonly onReact: (() => void) | undefined;
  readonly onMore: (() => void) | undefined;
  readonly onLeave: (() => void) | undefined;
  readonly onEndForAll: (() => void) | undefined;
}

/** From this width on, in points, words fit beside the round controls. */
export const ROOMY = 1100;

/** The row at the lower edge; a phone keeps what is wanted most, the rest is behind *More*. */
export function GroupControls(props: GroupControlsProps) {
  const { self, onExplain } = props;
  const t = useWords();
  const wide = useWide();
  const { width } = useWindowDimensions();
  const narrow = width < 360;
  const silent = self.isMuted || self.microphone !== null;
  const dark = !self.videoEnabled || self.camera !== null;
  const explain = (source: 'microphone' | 'camera') => onExplain && (() => onExplain(source));
  const sharing = self.screen !== null;
  const raised = self.hand !== null;
  return (
    <View style={{ flexDirection: 'row', justifyContent: 'center', alignItems: 'center', gap: space(narrow ? 2 : 3) }}>
      <RoundControl
        icon={silent ? 'micOff' : 'mic'}
        kind={silent ? 'on' : 'plain'}
        label={silent ? t('call.unmute') : t('call.mute')}
        keys="M"
        onPress={self.microphone !== null ? explain('microphone') : props.onToggleMicrophone}
      />
      <RoundControl
        icon={dark ? 'videoOff' : 'video'}
        kind={dark ? 'on' : 'plain'}
        label={dark ? t('call.cameraOn') : t('call.cameraOff')}
        keys="V"
        onPress={self.camera !== null ? explain('camera') : props.onToggleCamera}
      />
      {wide && self.canShare ? (
        <RoundControl
          icon={sharing ? 'stopSharing' : 'share'}
          kind={sharing ? 'on' : 'plain'}
          label={sharing ? t('group.stopSharing') : t('group.share')}
          keys="S"
          onPress={props.onShare}
        />
      ) : null}
      <RoundControl
        icon="hand"
        kind={raised ? 'on' : 'plain'}
        label={raised ? t('group.lowerHand') : t('group.raiseHand')}
        keys="H"
        onPress={props.onHand}
      />
      {wide ? <RoundControl icon="smile" label={t('group.react')} onPress={props.onReact} /> : null}
      <RoundControl icon="more" label={t('call.more')} onPress={props.onMore} />
      <RoundControl
        icon="phoneOff"
        kind="stop"
        shape="pill"
        label={t('call.leave')}
        keys="Shift+Escape"
        onPress={props.onLeave}
      />
      {width >= ROOMY && props.onEndForAll !== undefined ? (
        <Button
          compact
          kind="stopQuiet"
          label={t('group.endForAllShort')}
          name={t('group.endForAll')}
          onPress={props.onEndForAll}
          style={{ marginStart: space(2) }}
        />
      ) : null}
    </View>
  );
}

export interface SideControlsProps {
  readonly unread: number;
  readonly chatOpen: boolean;
  readonly onAdd: (() => void) | undefined;
  readonly onChat: () => void;
}

/** Right of the controls on a desktop. */
export function SideControls({ unread, chatOpen, onAdd, onChat }: SideControlsProps) {
  const t = useWords();
  const colors = useColors();
  return (
    <View style={{ flexDirection: 'row', gap: space(3) }}>
      {onAdd === undefined ? null : <RoundControl icon="userPlus" label={t('group.addPeople')} onPress={onAdd} />}
      <View>
        <RoundControl
          icon="message"
          kind={chatOpen ? 'on' : 'plain'}
          label={unread > 0 ? t('group.chatUnread', { count: unread }) : t('group.chat')}
          onPress={onChat}
        />
        {unread > 0 ? (
          <View
            style={{
              position: 'absolute',
              top: -2,
              end: -2,
              minWidth: 20,
              height: 20,
              borderRadius: 10,
              paddingHorizontal: 5,
              alignItems: 'center',
              justifyContent: 'center',
              backgroundColor: colors.accent,
              pointerEvents: 'none',
            }}
          >
            <Text variant="tiny" weight="semibold" tone="onAccent" aria-hidden figures>
              {unread > 99 ? '99+' : String(unread)}
            </Text>
          </View>
        ) : null}
      </View>
    </View>
  );
}

import { View } from 'react-native';
import { VideoView } from '../../media/VideoView';
import { useColors } from '../../theme/ThemeProvider';
import { radius, space } from '../../theme/tokens';
import { Avatar } from '../../ui/Avatar';
import { RoundControl } from '../../ui/RoundControl';
import { Text } from '../../ui/Text';
import { useWords } from '../../words/words';
import { Glow } from '../call/Stage';
import type { SelfOnStage } from '../snapshots';

export interface PreviewProps {
  readonly self: SelfOnStage;
  readonly onToggleMicrophone: (() => void) | undefined;
  readonly onToggleCamera: (() => void) | undefined;
  readonly onExplain: ((source: 'microphone' | 'camera') => void) | undefined;
  readonly onDevices: (() => void) | undefined;
}

/** Oneself as the others will see one, and what they will hear, before one goes in. */
export function Preview({ self, onToggleMicrophone, onToggleCamera, onExplain, onDevices }: PreviewProps) {
  const t = useWords();
  const colors = useColors();
  const silent = self.isMuted || self.microphone !== null;
  const dark = !self.videoEnabled || self.camera !== null;
  const explain = (source: 'microphone' | 'camera') => onExplain && (() => onExplain(source));
  return (
    <View
      role="group"
      aria-label={t('call.you', { name: self.displayName })}
      style={{
        width: '100%',
        aspectRatio: 16 / 10,
        borderRadius: radius.card,
        overflow: 'hidden',
        backgroundColor: colors.tile,
        justifyContent: 'flex-end',
      }}
    >
      <Glow id={self.id} from="within" />
      <View
        style={{
          position: 'absolute',
          inset: 0,
          alignItems: 'center',
          justifyContent: 'center',
          paddingBottom: space(14),
        }}
      >
        <Avatar id={self.id} displayName={self.displayName} size={88} />
      </View>
      {dark ? null : <VideoView stream={self.stream} participantId={self.id} mirror fit="cover" />}
      <View style={{ flexDirection: 'row', justifyContent: 'center', gap: space(3), padding: space(4) }}>
        <RoundControl
          icon={silent ? 'micOff' : 'mic'}
          kind={silent ? 'on' : 'plain'}
          label={silent ? t('call.unmute') : t('call.mute')}
          keys="M"
          onPress={self.microphone !== null ? explain('microphone') : onToggleMicrophone}
        />
        <RoundControl
          icon={dark ? 'videoOff' : 'video'}
          kind={dark ? 'on' : 'plain'}
          label={dark ? t('call.cameraOn') : t('call.cameraOff')}
          keys="V"
          onPress={self.camera !== null ? explain('camera') : onToggleCamera}
        />
        {onDevices === undefined ? null : (
          <RoundControl icon="settings" label={t('group.devices')} onPress={onDevices} />
        )}
      </View>
      {dark && self.camera === null ? (
        <View style={{ position: 'absolute', top: space(3), start: 0, end: 0, alignItems: 'center' }}>
          <Text variant="small" tone="quiet">
            {t('call.cameraIsOff')}
          </Text>
        </View>
      ) : null}
    </View>
  );
}

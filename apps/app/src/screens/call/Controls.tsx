import { useWindowDimensions, View } from 'react-native';
import { space } from '../../theme/tokens';
import { passThrough } from '../../ui/passThrough';
import { RoundControl } from '../../ui/RoundControl';
import { useWords } from '../../words/words';
import type { SelfOnStage } from '../snapshots';

export interface ControlsProps {
  readonly self: SelfOnStage;
  readonly showCamera: boolean;
  readonly onToggleMicrophone?: (() => void) | undefined;
  readonly onToggleCamera?: (() => void) | undefined;
  readonly onSwitchCamera?: (() => void) | undefined;
  /** Shares a screen, or stops. Where it is not in this row it is behind *More*. */
  readonly onShare?: (() => void) | undefined;
  /** Explains what keeps the microphone or camera from working. */
  readonly onExplain?: ((source: 'microphone' | 'camera') => void) | undefined;
  /** Where it is not beside this row. */
  readonly onDevices?: (() => void) | undefined;
  /** What has no room of its own. */
  readonly onMore?: (() => void) | undefined;
  readonly end: { readonly label: string; readonly keys?: string; readonly onPress: (() => void) | undefined };
}

/** The row at the lower edge: within a thumb's reach, the end of the call last and in red. */
export function Controls(props: ControlsProps) {
  const { self, showCamera, onToggleMicrophone, onToggleCamera, onSwitchCamera, onExplain } = props;
  const { onShare, onDevices, onMore, end } = props;
  const t = useWords();
  const narrow = useWindowDimensions().width < 360;
  const noMicrophone = self.microphone !== null;
  const noCamera = self.camera !== null;
  const explain = (source: 'microphone' | 'camera') => onExplain && (() => onExplain(source));
  const sharing = self.screen != null;
  const silent = self.isMuted || noMicrophone;
  const dark = !self.videoEnabled || noCamera;
  return (
    <View style={[passThrough, { flexDirection: 'row', justifyContent: 'center', gap: space(narrow ? 2 : 3) }]}>
      <RoundControl
        icon={silent ? 'micOff' : 'mic'}
        kind={silent ? 'on' : 'plain'}
        label={silent ? t('call.unmute') : t('call.mute')}
        keys="M"
        onPress={noMicrophone ? explain('microphone') : onToggleMicrophone}
      />
      {showCamera ? (
        <RoundControl
          icon={dark ? 'videoOff' : 'video'}
          kind={dark ? 'on' : 'plain'}
          label={dark ? t('call.cameraOn') : t('call.cameraOff')}
          keys="V"
          onPress={noCamera ? explain('camera') : onToggleCamera}
        />
      ) : null}
      {onSwitchCamera === undefined || dark ? null : (
        <RoundControl icon="switchCamera" label={t('call.switchCamera')} onPress={onSwitchCamera} />
      )}
      {onShare === undefined ? null : (
        <RoundControl
          icon={sharing ? 'stopSharing' : 'share'}
          kind={sharing ? 'on' : 'plain'}
          label={sharing ? t('group.stopSharing') : t('group.share')}
          keys="S"
          onPress={onShare}
        />
      )}
      {onDevices === undefined ? null : <RoundControl icon="devices" label={t('devices.title')} onPress={onDevices} />}
      {onMore === undefined ? null : <RoundControl icon="more" label={t('call.more')} onPress={onMore} />}
      <RoundControl
        icon="phoneOff"
        kind="stop"
        shape="pill"
        label={end.label}
        {...(end.keys === undefined ? {} : { keys: end.keys })}
        onPress={end.onPress}
      />
    </View>
  );
}

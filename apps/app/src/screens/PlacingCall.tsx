import { useWindowDimensions, View } from 'react-native';
import { useSafeAreaInsets } from 'react-native-safe-area-context';
import { VideoView } from '../media/VideoView';
import { space } from '../theme/tokens';
import { Button } from '../ui/Button';
import { IconButton } from '../ui/IconButton';
import { Text } from '../ui/Text';
import { useShortcuts } from '../ui/useShortcuts';
import { webProps } from '../ui/web';
import { firstName } from '../words/format';
import { useWords } from '../words/words';
import { Controls } from './call/Controls';
import { Pulse } from './call/Pulse';
import { Glow, Scrim, Stage } from './call/Stage';
import { CONTROLS } from './call/useHidingControls';
import type { PlacingCallSnapshot } from './snapshots';

/** Points of height under which a face of the usual size leaves no room. */
const ROOM_FOR_FACE = 560;

export interface PlacingCallProps {
  readonly snapshot: PlacingCallSnapshot;
  readonly onToggleMicrophone?: () => void;
  readonly onToggleCamera?: () => void;
  readonly onSwitchCamera?: () => void;
  readonly onExplain?: (source: 'microphone' | 'camera') => void;
  /** While it rings. */
  readonly onCancel?: () => void;
  /** Once it was accepted. */
  readonly onLeave?: () => void;
  /** To the chat while it goes on ringing. */
  readonly onMinimise?: () => void;
}

/** From the tap until media flows: one's own picture fills the screen. */
export function PlacingCall(props: PlacingCallProps) {
  const { snapshot, onToggleMicrophone, onToggleCamera, onSwitchCamera, onExplain, onCancel, onLeave, onMinimise } =
    props;
  const { kind, phase, offline, away, onAnotherCall, self } = snapshot;
  const other = snapshot.with;
  const t = useWords();
  const insets = useSafeAreaInsets();
  const picture = self.videoEnabled && self.stream !== null;
  const ringing = phase === 'ringing';
  // On a low window the face makes way for what there is to read and to press.
  const low = useWindowDimensions().height < ROOM_FOR_FACE;
  useShortcuts({
    m: self.microphone === null ? onToggleMicrophone : undefined,
    v: self.camera === null && kind === 'video' ? onToggleCamera : undefined,
    escape: onMinimise,
  });

  const aside = (text: string) => (
    <Text
      variant="small"
      tone={picture ? 'ink' : 'quiet'}
      align="center"
      style={{ marginTop: space(3), maxWidth: 360 }}
    >
      {text}
    </Text>
  );

  return (
    <Stage>
      <View role="region" aria-label={t('call.region')} style={{ flex: 1 }}>
        <Glow id={picture ? self.id : other.id} />
        {picture ? (
          <View
            role="group"
            aria-label={t('call.you', { name: self.displayName })}
            style={{ position: 'absolute', inset: 0 }}
          >
            <VideoView stream={self.stream} participantId={self.id} mirror={self.mirrored !== false} fit="cover" />
            <View style={{ position: 'absolute', inset: 0, backgroundColor: 'rgba(8, 9, 12, 0.4)' }} />
          </View>
        ) : null}
        <Scrim edge="top" height={240} />
        <Scrim edge="bottom" height={220} />
        <View
          style={{
            flex: 1,
            alignItems: 'center',
            paddingTop: insets.top + space(low ? 8 : picture ? 20 : 24),
            paddingHorizontal: space(6),
          }}
        >
          {picture ? null : <Pulse id={other.id} displayName={other.displayName} size={low ? 56 : 128} />}
          <Text
            variant="heading30"
            heading={1}
            align="center"
            numberOfLines={2}
            style={{ marginTop: picture ? 0 : space(5) }}
          >
            {other.displayName}
          </Text>
          <Text role="status" tone={picture ? 'ink' : 'quiet'} style={{ marginTop: space(2) }}>
            {offline
              ? t('call.waitingForServer')
              : !ringing
                ? t('call.connecting')
                : onAnotherCall === true
                  ? t('call.onAnotherCall')
                  : t('call.ringing')}
          </Text>
          {ringing && onAnotherCall === true ? aside(t('call.seesIt', { name: firstName(other.displayName) })) : null}
          {ringing && other.quiet === true ? aside(t('call.theirQuiet', { name: firstName(other.displayName) })) : null}
          {ringing && away === true && !offline
            ? aside(t('call.theyAreAway', { name: firstName(other.displayName) }))
            : null}
          {(['microphone', 'camera'] as const).map((source) =>
            self[source] === null || onExplain === undefined ? null : (
              <View
                key={source}
                role="alert"
                style={{
                  flexDirection: low ? 'row' : 'column',
                  alignItems: 'center',
                  gap: space(low ? 2 : 1),
                  marginTop: space(low ? 3 : 4),
                }}
              >
                <Text variant="small" align="center">
                  {t(source === 'microphone' ? 'permission.shortMicrophone' : 'permission.shortCamera')}
                </Text>
                <Button compact kind="quiet" label={t('permission.fix')} onPress={() => onExplain(source)} />
              </View>
            ),
          )}
        </View>
        {onMinimise === undefined ? null : (
          <View
            style={{
              position: 'absolute',
              top: insets.top + space(4),
              insetInlineStart: Math.max(insets.left, insets.right) + space(4),
            }}
          >
            <IconButton
              round
              icon="down"
              ground="control"
              label={t('call.minimise')}
              keys="Escape"
              onPress={onMinimise}
            />
          </View>
        )}
        <View {...webProps({ dataSet: CONTROLS })} style={{ paddingBottom: insets.bottom + space(14) }}>
          <Controls
            self={self}
            showCamera={kind === 'video'}
            onToggleMicrophone={onToggleMicrophone}
            onToggleCamera={onToggleCamera}
            onSwitchCamera={onSwitchCamera}
            onExplain={onExplain}
            end={
              ringing ? { label: t('call.cancel'), onPress: onCancel } : { label: t('call.leave'), onPress: onLeave }
            }
          />
        </View>
      </View>
    </Stage>
  );
}

import type { CaptureSource, DeviceRole, DevicesSnapshot } from '@parley/client';
import { useEffect, useRef, useState } from 'react';
import { View } from 'react-native';
import { VideoView } from '../../media/VideoView';
import { useColors } from '../../theme/ThemeProvider';
import { radius, space } from '../../theme/tokens';
import { Button } from '../../ui/Button';
import { Text } from '../../ui/Text';
import { useWords } from '../../words/words';
import { DeviceChoice } from './DeviceChoice';
import { LevelBar } from './LevelBar';

export interface DevicesPanelProps {
  readonly snapshot: DevicesSnapshot;
  readonly columns: 1 | 2;
  /** Of the open microphone, 0 to 1; absent where it cannot be measured. */
  readonly onLevel?: ((heard: (level: number) => void) => () => void) | undefined;
  readonly muted?: boolean;
  readonly onChoose?: (role: DeviceRole, deviceId: string | null) => void;
  readonly onTestSound?: () => void;
  readonly onTestRing?: () => void;
  /** Opens a source outside of a call, and returns how to end it. Absent in a call, which has opened what it needs. */
  readonly onTry?: ((source: CaptureSource) => () => void) | undefined;
  /** Explains what keeps a source from working. */
  readonly onExplain?: ((source: CaptureSource) => void) | undefined;
}

/** Microphone, camera and speakers: which there are, which is used, and whether they work. */
export function DevicesPanel(props: DevicesPanelProps) {
  const { snapshot, columns, onChoose, onTestSound, onTestRing, onExplain } = props;
  const t = useWords();
  const choice = (role: DeviceRole) => ({
    role,
    device: snapshot[role],
    onChoose: onChoose && ((id: string | null) => onChoose(role, id)),
  });
  const column = columns === 2 ? { flexGrow: 1, flexShrink: 1, flexBasis: 0 } : {};
  return (
    <View style={{ flexDirection: columns === 2 ? 'row' : 'column', gap: space(6) }}>
      <View style={{ ...column, gap: space(6) }}>
        <DeviceChoice {...choice('microphone')} onExplain={onExplain && (() => onExplain('microphone'))}>
          <MicrophoneTest {...props} />
        </DeviceChoice>
        <DeviceChoice {...choice('camera')} onExplain={onExplain && (() => onExplain('camera'))}>
          <CameraTest {...props} />
        </DeviceChoice>
      </View>
      <View style={{ ...column, gap: space(6) }}>
        <DeviceChoice {...choice('speaker')} fixed={snapshot.outputs === 'none'}>
          <TestSound label={t('devices.testSound')} onPress={onTestSound} />
        </DeviceChoice>
        {snapshot.outputs === 'each' ? (
          <DeviceChoice {...choice('ring')}>
            <TestSound label={t('devices.testRing')} onPress={onTestRing} />
          </DeviceChoice>
        ) : null}
      </View>
    </View>
  );
}

function TestSound({ label, onPress }: { readonly label: string; readonly onPress: (() => void) | undefined }) {
  if (onPress === undefined) return null;
  return (
    <View style={{ alignItems: 'flex-start' }}>
      <Button compact kind="outline" icon="sound" label={label} onPress={onPress} />
    </View>
  );
}

/** In a call the level of what is sent; outside of one the microphone is opened for the time of a test. */
function MicrophoneTest({ snapshot, onLevel, muted = false, onTry }: DevicesPanelProps) {
  const t = useWords();
  const { open, present } = snapshot.microphone;
  const trial = useTry('microphone', onTry);
  if (!present) return null;
  return (
    <>
      {open && onLevel ? (
        <View style={{ gap: space(1.5) }}>
          <LevelBar label={t('devices.level')} onLevel={onLevel} />
          <Text variant="small" tone="quiet">
            {muted ? t('devices.levelMuted') : t('devices.levelText')}
          </Text>
        </View>
      ) : null}
      {trial === null ? null : (
        <View style={{ alignItems: 'flex-start' }}>
          <Button
            compact
            kind="outline"
            icon={trial.on ? 'close' : 'mic'}
            label={trial.on ? t('devices.endMicrophone') : t('devices.tryMicrophone')}
            onPress={trial.toggle}
          />
        </View>
      )}
    </>
  );
}

/** In a call one's own picture is to be seen anyway. */
function CameraTest({ snapshot, onTry }: DevicesPanelProps) {
  const t = useWords();
  const colors = useColors();
  const trial = useTry('camera', onTry);
  if (trial === null || !snapshot.camera.present) return null;
  return (
    <>
      {trial.on && snapshot.preview !== null ? (
        <View
          style={{
            aspectRatio: 16 / 9,
            maxWidth: 320,
            borderRadius: radius.card,
            overflow: 'hidden',
            backgroundColor: colors.tile,
          }}
        >
          <VideoView stream={snapshot.preview} participantId="preview" mirror={snapshot.mirrored} fit="cover" />
        </View>
      ) : null}
      <View style={{ alignItems: 'flex-start' }}>
        <Button
          compact
          kind="outline"
          icon={trial.on ? 'videoOff' : 'video'}
          label={trial.on ? t('devices.endCamera') : t('devices.tryCamera')}
          onPress={trial.toggle}
        />
      </View>
    </>
  );
}

/** A test that ends with its panel; null where there is none to be made. */
function useTry(source: CaptureSource, onTry: DevicesPanelProps['onTry']) {
  const end = useRef<(() => void) | null>(null);
  const [on, setOn] = useState(false);
  useEffect(
    () => () => {
      end.current?.();
      end.current = null;
    },
    [],
  );
  const may = onTry !== undefined;
  useEffect(() => {
    // A call has begun, and what was tried is its own now.
    if (may) return;
    end.current = null;
    setOn(false);
  }, [may]);
  if (onTry === undefined) return null;
  const toggle = () => {
    end.current?.();
    end.current = on ? null : onTry(source);
    setOn(!on);
  };
  return { on, toggle };
}

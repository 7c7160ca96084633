import { useState } from 'react';
import { useWindowDimensions, View } from 'react-native';
import { useSafeAreaInsets } from 'react-native-safe-area-context';
import { RemoteAudio } from '../media/RemoteAudio';
import { radius, space } from '../theme/tokens';
import { useWide } from '../theme/useWide';
import { Button } from '../ui/Button';
import { Notice } from '../ui/Notice';
import { Pill } from '../ui/Pill';
import { useShortcuts } from '../ui/useShortcuts';
import { webProps } from '../ui/web';
import { firstName } from '../words/format';
import { useWords } from '../words/words';
import { CallHeader } from './call/CallHeader';
import { Controls } from './call/Controls';
import { Fade } from './call/Fade';
import { Inset } from './call/Inset';
import { LeaveQuestion } from './call/LeaveQuestion';
import { PersonTile } from './call/PersonTile';
import { Quality } from './call/Quality';
import { Scrim, Stage } from './call/Stage';
import { TileGrid } from './call/TileGrid';
import { CONTROLS, useHidingControls } from './call/useHidingControls';
import type { ActiveCallSnapshot, PersonOnStage } from './snapshots';

export interface ActiveCallProps {
  readonly snapshot: ActiveCallSnapshot;
  readonly onToggleMicrophone?: () => void;
  readonly onToggleCamera?: () => void;
  readonly onSwitchCamera?: () => void;
  readonly onExplain?: (source: 'microphone' | 'camera') => void;
  readonly onLeave?: () => void;
  /** Back to the chat while the call goes on. */
  readonly onMinimise?: () => void;
  /** The browser wants a gesture before it plays. The screen shows the button for it by itself. */
  readonly onSoundBlocked?: () => void;
}

const HEADER = 64;
const BAR = 92;

export function ActiveCall(props: ActiveCallProps) {
  const { snapshot, onToggleMicrophone, onToggleCamera, onLeave, onMinimise } = props;
  const { others, self, kind, protection, reconnecting, connectedAt } = snapshot;
  const t = useWords();
  const insets = useSafeAreaInsets();
  const wide = useWide();
  const [asking, setAsking] = useState(false);
  const sound = useSound(others, props.onSoundBlocked);

  const pictures = others.some((person) => person.videoEnabled && person.stream !== null);
  const { shown, onMovement } = useHidingControls(!pictures || reconnecting || asking || sound.blocked);

  useShortcuts({
    m: self.microphone === null ? onToggleMicrophone : undefined,
    v: self.camera === null ? onToggleCamera : undefined,
    escape: asking ? () => setAsking(false) : onMinimise,
    'shift+escape': onLeave && (() => setAsking(true)),
  });

  return (
    <Stage onTouchStart={onMovement}>
      {sound.players}
      <View role="region" aria-label={t('call.region')} style={{ flex: 1 }}>
        <View
          style={
            wide
              ? { position: 'absolute', top: HEADER, bottom: BAR, left: space(5), right: space(5) }
              : { position: 'absolute', inset: 0 }
          }
        >
          <Others others={others} wide={wide} />
          <SelfInset snapshot={snapshot} wide={wide} />
        </View>
        {!wide && pictures ? (
          <Fade shown={shown} style={{ position: 'absolute', inset: 0, pointerEvents: 'none' }}>
            <Scrim edge="top" height={160} />
            <Scrim edge="bottom" height={260} />
          </Fade>
        ) : null}

        <Fade shown={shown} style={{ position: 'absolute', top: 0, left: 0, right: 0 }}>
          <View {...webProps({ dataSet: CONTROLS })} style={{ pointerEvents: 'box-none' }}>
            <CallHeader snapshot={snapshot} onMinimise={onMinimise} />
          </View>
        </Fade>

        <View
          style={{
            position: 'absolute',
            // On a phone one's own picture lies at the top.
            ...(wide ? { top: insets.top + space(20) } : { bottom: insets.bottom + space(47) }),
            left: space(5),
            right: space(5),
            alignItems: 'center',
            pointerEvents: 'box-none',
          }}
        >
          <StageNotices snapshot={snapshot} />
        </View>

        <Fade shown={shown} style={{ position: 'absolute', bottom: 0, left: 0, right: 0 }}>
          <View
            {...webProps({ dataSet: CONTROLS })}
            style={{
              gap: space(6),
              alignItems: 'center',
              paddingBottom: insets.bottom + space(wide ? 5 : 14),
              pointerEvents: 'box-none',
            }}
          >
            {sound.blocked ? (
              <Button kind="call" icon="sound" label={t('call.tapToHear')} onPress={sound.retry} />
            ) : null}
            {!wide && protection !== null && connectedAt !== null ? (
              <Pill ground="veil" icon="lock" text={t(`protection.${protection}`)} />
            ) : null}
            <Controls
              self={self}
              showCamera
              onToggleMicrophone={onToggleMicrophone}
              onToggleCamera={onToggleCamera}
              onSwitchCamera={kind === 'video' ? props.onSwitchCamera : undefined}
              onExplain={props.onExplain}
              end={{ label: t('call.leave'), onPress: onLeave }}
            />
            {wide ? <Quality quality={snapshot.quality} /> : null}
          </View>
        </Fade>
        {asking && onLeave !== undefined ? <LeaveQuestion onLeave={onLeave} onStay={() => setAsking(false)} /> : null}
      </View>
    </Stage>
  );
}

function Others({ others, wide }: { readonly others: readonly PersonOnStage[]; readonly wide: boolean }) {
  const first = others[0];
  if (first === undefined) return null;
  if (others.length > 1) return <TileGrid people={others} />;
  return (
    <PersonTile
      person={first}
      tagged={wide}
      avatarSize={wide ? 132 : 144}
      style={wide ? { flex: 1, borderRadius: radius.card } : { flex: 1 }}
    />
  );
}

function SelfInset({ snapshot, wide }: { readonly snapshot: ActiveCallSnapshot; readonly wide: boolean }) {
  const insets = useSafeAreaInsets();
  const { width: screen } = useWindowDimensions();
  const { self } = snapshot;
  const picture = self.videoEnabled && self.stream !== null;
  const width = wide ? (screen >= 1100 ? 224 : 184) : picture ? 108 : 84;
  const height = wide ? Math.round((width * 10) / 16) : picture ? 148 : 100;
  const keepOff = wide
    ? { top: space(4), right: space(4), bottom: space(4), left: space(4) }
    : { top: insets.top + space(28), right: space(4), bottom: insets.bottom + space(44), left: space(4) };
  return (
    <Inset width={width} height={height} keepOff={keepOff}>
      <PersonTile person={self} isSelf mirror avatarSize={wide ? 56 : 44} style={{ flex: 1 }} />
    </Inset>
  );
}

/** What has to be said during a call; the region stays, so that screen readers speak what comes into it. */
function StageNotices({ snapshot }: { readonly snapshot: ActiveCallSnapshot }) {
  const t = useWords();
  const lost = snapshot.others.filter((person) => person.away === true);
  return (
    <View role="status" aria-live="polite" style={{ gap: space(2), alignItems: 'center', pointerEvents: 'none' }}>
      {snapshot.reconnecting ? <Notice role="none" icon="refresh" text={t('call.reconnecting')} /> : null}
      {lost.map((person) => (
        <Notice
          key={person.id}
          role="none"
          icon="offline"
          text={t('call.lostConnection', { name: firstName(person.displayName) })}
        />
      ))}
      {snapshot.notices.map((notice) => (
        <Notice key={notice.id} role="none" icon="info" text={notice.text} />
      ))}
    </View>
  );
}

/** Plays everybody's sound; knows whether the browser lets it. */
function useSound(others: readonly PersonOnStage[], onSoundBlocked: (() => void) | undefined) {
  const [blocked, setBlocked] = useState(false);
  const [attempt, setAttempt] = useState(0);
  const players = others.map((person) => (
    <RemoteAudio
      key={person.id}
      stream={person.stream}
      attempt={attempt}
      onBlocked={() => {
        setBlocked(true);
        onSoundBlocked?.();
      }}
      onPlaying={() => setBlocked(false)}
    />
  ));
  return { players, blocked, retry: () => setAttempt((n) => n + 1) };
}

import { View } from 'react-native';
import { useSafeAreaInsets } from 'react-native-safe-area-context';
import { useColors } from '../theme/ThemeProvider';
import { radius, size, space } from '../theme/tokens';
import { Hidden } from '../ui/Hidden';
import { Icon } from '../ui/Icon';
import { IconButton } from '../ui/IconButton';
import { Press } from '../ui/Press';
import { Text } from '../ui/Text';
import { useShortcuts } from '../ui/useShortcuts';
import { useWords } from '../words/words';
import { Said } from './call/Said';
import { Timer } from './call/Timer';

export interface CallBarProps {
  readonly snapshot: {
    readonly name: string;
    readonly phase: 'ringing' | 'connecting' | 'connected';
    /** Whom one calls is in another call. */
    readonly onAnotherCall?: boolean;
    /** Epoch milliseconds; null until the server says connected. */
    readonly connectedAt: number | null;
    readonly reconnecting: boolean;
    readonly isMuted: boolean;
  };
  readonly onBack?: () => void;
  readonly onToggleMicrophone?: () => void;
  /** Leaves, or takes the ring back while it rings. */
  readonly onEnd?: () => void;
}

/** A call that goes on while one looks at something else: with whom, how long, and what a call needs most. */
export function CallBar({ snapshot, onBack, onToggleMicrophone, onEnd }: CallBarProps) {
  const { name, phase, onAnotherCall, connectedAt, reconnecting, isMuted } = snapshot;
  const t = useWords();
  const colors = useColors();
  const insets = useSafeAreaInsets();
  useShortcuts({ m: onToggleMicrophone });
  const state = reconnecting
    ? t('call.reconnecting')
    : phase === 'ringing'
      ? t(onAnotherCall === true ? 'call.onAnotherCall' : 'call.ringing')
      : connectedAt === null
        ? t('call.connecting')
        : null;
  return (
    <View
      role="region"
      aria-label={t('call.bar')}
      style={{
        flexDirection: 'row',
        alignItems: 'center',
        gap: space(1),
        minHeight: size.control + insets.top,
        paddingTop: insets.top,
        paddingLeft: insets.left + space(2),
        paddingRight: insets.right + space(2),
        backgroundColor: colors.callFill,
      }}
    >
      <Press
        label={t('call.backToCall')}
        onPress={onBack}
        style={{ flex: 1, minHeight: size.touch, borderRadius: radius.row, justifyContent: 'center' }}
      >
        <View
          style={{
            flexDirection: 'row',
            alignItems: 'center',
            gap: space(2),
            paddingHorizontal: space(3),
            pointerEvents: 'none',
          }}
        >
          <Icon name="phone" size={16} tone="onCall" />
          <Text weight="semibold" tone="onCall" numberOfLines={1} aria-hidden style={{ flexShrink: 1 }}>
            {name}
          </Text>
          {state === null && connectedAt !== null ? (
            <Timer since={connectedAt} tone="onCall" />
          ) : (
            <Text variant="small" tone="onCall" numberOfLines={1} aria-hidden>
              {state}
            </Text>
          )}
        </View>
      </Press>
      {/* What stands on a button is not heard as it changes. */}
      <Hidden live="polite">{state ?? ''}</Hidden>
      <Said call={{ connectedAt, self: { isMuted, videoEnabled: false }, others: [] }} />
      <IconButton
        round
        icon={isMuted ? 'micOff' : 'mic'}
        tone={isMuted ? 'onControlOn' : 'onCall'}
        {...(isMuted ? { ground: 'controlOn' as const } : {})}
        keys="M"
        label={isMuted ? t('call.unmute') : t('call.mute')}
        onPress={onToggleMicrophone}
      />
      <IconButton
        round
        icon="phoneOff"
        tone="onStop"
        ground="stopFill"
        label={phase === 'ringing' ? t('call.cancel') : t('call.leave')}
        onPress={onEnd}
      />
    </View>
  );
}

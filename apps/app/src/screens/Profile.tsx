import { ScrollView, View } from 'react-native';
import { useSafeAreaInsets } from 'react-native-safe-area-context';
import { useColors } from '../theme/ThemeProvider';
import { type Palette, space } from '../theme/tokens';
import { useWide } from '../theme/useWide';
import { Avatar } from '../ui/Avatar';
import { CardList } from '../ui/Card';
import { Icon } from '../ui/Icon';
import { IconButton } from '../ui/IconButton';
import type { IconName } from '../ui/icons';
import { Notice } from '../ui/Notice';
import { Press } from '../ui/Press';
import { Text } from '../ui/Text';
import { errorText } from '../words/errors';
import { useWords } from '../words/words';
import { CallHistoryRow } from './CallHistoryRow';
import type { CallHistoryItem, ErrorCode, Person } from './snapshots';

export interface ProfileProps {
  readonly snapshot: {
    readonly person: Person;
    /** Newest first; null while nothing has been loaded. */
    readonly recentCalls: readonly CallHistoryItem[] | null;
    readonly error: ErrorCode | null;
    readonly now: number;
  };
  readonly onMessage?: () => void;
  readonly onAudioCall?: () => void;
  readonly onVideoCall?: () => void;
  readonly onBack?: () => void;
  readonly onNavigate?: (path: string) => void;
}

export function Profile({ snapshot, onMessage, onAudioCall, onVideoCall, onBack, onNavigate }: ProfileProps) {
  const { person, recentCalls, error, now } = snapshot;
  const t = useWords();
  const colors = useColors();
  const insets = useSafeAreaInsets();
  const wide = useWide();
  return (
    <ScrollView
      style={{ flex: 1, backgroundColor: colors.background }}
      contentContainerStyle={{ paddingTop: insets.top + space(wide ? 12 : 3), paddingBottom: insets.bottom + space(8) }}
    >
      {!wide && onBack !== undefined ? (
        <View style={{ paddingHorizontal: space(2) }}>
          <IconButton icon="back" tone="quiet" label={t('states.back')} onPress={onBack} />
        </View>
      ) : null}
      <View
        style={{
          width: '100%',
          maxWidth: 460,
          alignSelf: 'center',
          alignItems: 'center',
          paddingHorizontal: space(5),
          paddingTop: space(8),
        }}
      >
        <Avatar id={person.id} displayName={person.displayName} size={120} presence={person.presence} />
        <Text variant="heading22" heading={1} align="center" style={{ marginTop: space(6) }}>
          {person.displayName}
        </Text>
        <Text tone="quiet" style={{ marginTop: space(1.5) }}>
          {person.quiet === true
            ? t('profile.withQuiet', {
                presence: t(`presence.${person.presence ?? 'offline'}`),
                quiet: t('presence.quiet'),
              })
            : t(`presence.${person.presence ?? 'offline'}`)}
        </Text>
        <View style={ACTIONS}>
          <Action icon="message" label={t('profile.message')} ground="accentGround" ink="accent" onPress={onMessage} />
          <Action icon="phone" label={t('profile.audioCall')} ground="callFill" ink="onCall" onPress={onAudioCall} />
          <Action icon="video" label={t('profile.videoCall')} ground="callFill" ink="onCall" onPress={onVideoCall} />
        </View>
        {error === null ? null : (
          <View style={{ marginTop: space(6) }}>
            <Notice tone="stop" icon="alert" role="alert" text={errorText(error)} />
          </View>
        )}
        <View style={{ width: '100%', marginTop: space(10), gap: space(2.5) }}>
          <Text variant="small" weight="semibold" tone="quiet" heading={2} style={{ paddingStart: space(1) }}>
            {t('profile.recent')}
          </Text>
          {recentCalls !== null && recentCalls.length > 0 ? (
            <CardList>
              {recentCalls.map((call) => (
                <CallHistoryRow
                  key={call.id}
                  call={call}
                  now={now}
                  named={false}
                  {...(onNavigate ? { onNavigate } : {})}
                />
              ))}
            </CardList>
          ) : (
            <Text variant="small" tone="quiet" style={{ paddingStart: space(1), minHeight: 60 }}>
              {recentCalls === null ? t('states.loading') : t('profile.noCalls', { name: person.displayName })}
            </Text>
          )}
        </View>
      </View>
    </ScrollView>
  );
}

/** Three of 88 fit a window of 320. */
const ACTIONS = {
  flexDirection: 'row',
  justifyContent: 'space-between',
  width: '100%',
  maxWidth: 340,
  marginTop: space(8),
} as const;

interface ActionProps {
  readonly icon: IconName;
  readonly label: string;
  readonly ground: keyof Palette;
  readonly ink: keyof Palette;
  readonly onPress: (() => void) | undefined;
}

function Action({ icon, label, ground, ink, onPress }: ActionProps) {
  const colors = useColors();
  return (
    <View style={{ alignItems: 'center', gap: space(2.5), width: 88 }}>
      <Press
        label={label}
        onPress={onPress}
        style={{
          width: 64,
          height: 64,
          borderRadius: 22,
          backgroundColor: colors[ground],
          alignItems: 'center',
          justifyContent: 'center',
        }}
      >
        <Icon name={icon} size={26} tone={ink} />
      </Press>
      <Text variant="small" weight="semibold" align="center" numberOfLines={2} aria-hidden>
        {label}
      </Text>
    </View>
  );
}

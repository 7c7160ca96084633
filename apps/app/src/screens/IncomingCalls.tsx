import { useWindowDimensions, View } from 'react-native';
import { useSafeAreaInsets } from 'react-native-safe-area-context';
import { StageTheme, useColors } from '../theme/ThemeProvider';
import { space } from '../theme/tokens';
import { useWide } from '../theme/useWide';
import { Avatar } from '../ui/Avatar';
import { Button } from '../ui/Button';
import { useAlertFocus } from '../ui/focus';
import { Hidden } from '../ui/Hidden';
import { Icon } from '../ui/Icon';
import { IconButton } from '../ui/IconButton';
import { Press } from '../ui/Press';
import { passThrough } from '../ui/passThrough';
import { RoundControl } from '../ui/RoundControl';
import { Text } from '../ui/Text';
import { useShortcuts } from '../ui/useShortcuts';
import { webProps } from '../ui/web';
import { t, useWords } from '../words/words';
import { Pulse } from './call/Pulse';
import { Glow, Stage } from './call/Stage';
import type { IncomingCallItem, Silence } from './snapshots';

export interface IncomingCallsProps {
  /** Oldest first. */
  readonly calls: readonly IncomingCallItem[];
  readonly onAccept?: (callId: string, withVideo: boolean) => void;
  readonly onDecline?: (callId: string) => void;
}

/** Height in points below which the parts of the full screen would lie on each other. */
const LOWEST_FULL_SCREEN = 620;

interface OneProps {
  readonly call: IncomingCallItem;
  readonly onAccept: ((withVideo: boolean) => void) | undefined;
  readonly onDecline: (() => void) | undefined;
}

/**
 * Lies above every screen. On a desktop: cards in the corner that leave the work beneath alone. On a phone: the oldest call
 * fills the screen, and further ones lie on it as cards.
 */
export function IncomingCalls({ calls, onAccept, onDecline }: IncomingCallsProps) {
  const insets = useSafeAreaInsets();
  const { width, height } = useWindowDimensions();
  // A window that is low (a phone on its side, a page at 200 %) has no room for the full screen.
  const wide = useWide() || height < LOWEST_FULL_SCREEN;
  const first = calls[0];
  const accept = (call: IncomingCallItem) => onAccept && ((withVideo: boolean) => onAccept(call.id, withVideo));
  const decline = (call: IncomingCallItem) => onDecline && (() => onDecline(call.id));

  useShortcuts({
    'mod+enter': first === undefined || first.answering ? undefined : () => accept(first)?.(first.kind === 'video'),
  });

  const cards = wide ? calls : calls.slice(1);
  return (
    <View style={[passThrough, { position: 'absolute', inset: 0 }]}>
      <Spoken call={first} />
      {wide || first === undefined ? null : (
        <FullScreen
          key={first.id}
          call={first}
          keepOff={cards.length * 150}
          onAccept={accept(first)}
          onDecline={decline(first)}
        />
      )}
      <StageTheme>
        <View
          style={[
            passThrough,
            {
              position: 'absolute',
              top: insets.top + space(wide ? 6 : 3),
              insetInlineEnd: space(wide ? 6 : 3),
              width: wide ? Math.min(380, width - space(12)) : width - space(6),
              gap: space(3),
            },
          ]}
        >
          {cards.map((call) => (
            <CornerCard key={call.id} call={call} onAccept={accept(call)} onDecline={decline(call)} />
          ))}
        </View>
      </StageTheme>
    </View>
  );
}

/** The dialog takes the focus only from those who do not write: this tells the others, at once. */
function Spoken({ call }: { readonly call: IncomingCallItem | undefined }) {
  const t = useWords();
  const what = call?.kind === 'video' ? t('call.incomingVideo') : t('call.incomingAudio');
  return (
    <Hidden live="assertive">
      {call === undefined || call.answering
        ? ''
        : t('call.incomingSpoken', {
            name: call.caller.displayName,
            kind: call.group === undefined ? what : inGroup(what, call.group),
          })}
    </Hidden>
  );
}

function useSpoken(call: IncomingCallItem) {
  const t = useWords();
  return {
    name: call.kind === 'video' ? t('call.incomingVideo') : t('call.incomingAudio'),
    callerId: `incoming-caller-${call.id}`,
  };
}

const inGroup = (kind: string, team: string): string => t('call.incomingFrom', { kind, team });

/** Beside each other where there is room for the words. */
const CARD_BUTTON = { flexGrow: 1, flexBasis: 116, paddingHorizontal: space(2.5) } as const;

function CornerCard({ call, onAccept, onDecline }: OneProps) {
  const t = useWords();
  const colors = useColors();
  const { name, callerId } = useSpoken(call);
  const video = call.kind === 'video';
  const ref = useAlertFocus();
  return (
    <View
      ref={ref}
      role="alertdialog"
      aria-label={name}
      {...webProps({ 'aria-describedby': callerId, dataSet: { ground: 'stage' } })}
      style={{
        backgroundColor: '#12151c',
        borderRadius: 20,
        padding: space(4.5),
        gap: space(4),
        boxShadow: colors.shadow,
      }}
    >
      <View style={{ flexDirection: 'row', alignItems: 'center', gap: space(3) }}>
        <Avatar id={call.caller.id} displayName={call.caller.displayName} size={56} />
        <View style={{ flex: 1, gap: 1 }}>
          <Text variant="heading17" numberOfLines={1} nativeID={callerId}>
            {call.caller.displayName}
          </Text>
          <View style={{ flexDirection: 'row', alignItems: 'center', gap: space(1.5) }}>
            <Icon name={video ? 'video' : 'phone'} size={15} tone="quiet" />
            <Text variant="small" tone="quiet" numberOfLines={2} style={{ flexShrink: 1 }}>
              {call.answering ? t('call.answering') : call.group === undefined ? name : inGroup(name, call.group)}
            </Text>
          </View>
          {call.silent ? <Silent why={call.silent} /> : null}
        </View>
      </View>
      <View style={{ flexDirection: 'row', flexWrap: 'wrap', gap: space(2.5) }}>
        <Button
          compact
          kind="stopQuiet"
          icon="phoneOff"
          label={t('call.decline')}
          disabled={call.answering}
          onPress={onDecline}
          style={CARD_BUTTON}
        />
        {video ? (
          <IconButton
            icon="phone"
            ground="control"
            label={t('call.acceptAudioOnly')}
            disabled={call.answering}
            onPress={onAccept && (() => onAccept(false))}
            style={{ width: 52, borderRadius: 12 }}
          />
        ) : null}
        <Button
          compact
          kind="call"
          icon={video ? 'video' : 'phone'}
          label={t('call.accept')}
          busy={call.answering}
          onPress={onAccept && (() => onAccept(video))}
          style={CARD_BUTTON}
        />
      </View>
    </View>
  );
}

function FullScreen({ call, keepOff, onAccept, onDecline }: OneProps & { readonly keepOff: number }) {
  const t = useWords();
  const insets = useSafeAreaInsets();
  const { height } = useWindowDimensions();
  const { name, callerId } = useSpoken(call);
  const video = call.kind === 'video';
  const ref = useAlertFocus();
  return (
    <View
      ref={ref}
      role="alertdialog"
      aria-modal
      aria-label={name}
      {...webProps({ 'aria-describedby': callerId })}
      style={{ position: 'absolute', inset: 0 }}
    >
      <Stage>
        <Glow id={call.caller.id} />
        <View
          style={{
            flex: 1,
            alignItems: 'center',
            paddingTop: insets.top + Math.max(space(8), height * 0.1, keepOff + space(6)),
            paddingHorizontal: space(6),
          }}
        >
          <Pulse id={call.caller.id} displayName={call.caller.displayName} size={height - keepOff < 760 ? 96 : 144} />
          <Text
            variant="heading30"
            align="center"
            nativeID={callerId}
            numberOfLines={2}
            style={{ marginTop: space(5) }}
          >
            {call.caller.displayName}
          </Text>
          <View style={{ flexDirection: 'row', alignItems: 'center', gap: space(2), marginTop: space(2) }}>
            <Icon name={video ? 'video' : 'phone'} size={18} tone="quiet" />
            <Text tone="quiet">
              {call.answering
                ? t('call.answering')
                : t('call.incomingFrom', { kind: name, team: call.group ?? call.team })}
            </Text>
          </View>
          {call.silent ? <Silent why={call.silent} /> : null}
        </View>
        <View style={{ alignItems: 'center', gap: space(8), paddingBottom: insets.bottom + space(14) }}>
          {video ? <AudioOnly disabled={call.answering} onPress={onAccept && (() => onAccept(false))} /> : null}
          <View style={{ flexDirection: 'row', justifyContent: 'space-evenly', width: '100%', maxWidth: 460 }}>
            <RoundControl
              shape="large"
              kind="stop"
              icon="phoneOff"
              label={t('call.decline')}
              caption={t('call.decline')}
              disabled={call.answering}
              onPress={onDecline}
            />
            <RoundControl
              shape="large"
              kind="call"
              icon={video ? 'video' : 'phone'}
              label={t('call.accept')}
              caption={t('call.accept')}
              disabled={call.answering}
              onPress={onAccept && (() => onAccept(video))}
            />
          </View>
        </View>
      </Stage>
    </View>
  );
}

/** Why nothing is to be heard. */
function Silent({ why }: { readonly why: Silence }) {
  const t = useWords();
  return (
    <View style={{ flexDirection: 'row', alignItems: 'center', gap: space(1.5) }}>
      <Icon name="moon" size={15} tone="quiet" />
      <Text variant="small" tone="quiet">
        {t(why === 'quiet' ? 'call.withoutSound' : 'call.noRingHere')}
      </Text>
    </View>
  );
}

function AudioOnly({ disabled, onPress }: { readonly disabled: boolean; readonly onPress: (() => void) | undefined }) {
  const t = useWords();
  const colors = useColors();
  return (
    <Press
      label={t('call.acceptAudioOnly')}
      disabled={disabled}
      onPress={onPress}
      style={{
        minHeight: 44,
        borderRadius: 22,
        paddingHorizontal: space(4.5),
        justifyContent: 'center',
        backgroundColor: colors.card,
      }}
    >
      <View style={{ flexDirection: 'row', alignItems: 'center', gap: space(2), pointerEvents: 'none' }}>
        <Icon name="phone" size={18} />
        <Text>{t('call.acceptAudioOnly')}</Text>
      </View>
    </Press>
  );
}

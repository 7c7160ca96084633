import type { ReactNode } from 'react';
import { useWindowDimensions, View } from 'react-native';
import { useSafeAreaInsets } from 'react-native-safe-area-context';
import { StageTheme, useColors } from '../theme/ThemeProvider';
import { radius, space } from '../theme/tokens';
import { useWide } from '../theme/useWide';
import { Avatar } from '../ui/Avatar';
import { Button } from '../ui/Button';
import { Hidden } from '../ui/Hidden';
import { Icon } from '../ui/Icon';
import { passThrough } from '../ui/passThrough';
import { Text } from '../ui/Text';
import { webProps } from '../ui/web';
import { useWords } from '../words/words';
import type { IncomingCallItem, OtherCallItem } from './snapshots';

export interface WaitingCallsProps {
  /** Calls that ring quietly for somebody who is in another one, oldest first. */
  readonly calls: readonly IncomingCallItem[];
  /** Calls that are on hold here. */
  readonly held: readonly OtherCallItem[];
  /** Absent for a call that cannot be held. */
  readonly onHold?: (callId: string) => void;
  readonly onDecline?: (callId: string) => void;
  readonly onEndAndAccept?: (callId: string) => void;
  /** Calls of one's own that go on on another device. */
  readonly elsewhere?: readonly OtherCallItem[];
  readonly onMoveHere?: (callId: string) => void;
  readonly onResume?: (callId: string) => void;
  readonly onLeave?: (callId: string) => void;
}

/**
 * Beside the call in which somebody is: further ones, without a sound, without a word over the voices, and without the focus. It
 * lies below the header of the stage, so that nothing of that is covered.
 */
export function WaitingCalls(props: WaitingCallsProps) {
  const { calls, held, elsewhere = [], onHold, onDecline, onEndAndAccept, onResume, onLeave, onMoveHere } = props;
  const insets = useSafeAreaInsets();
  const { width } = useWindowDimensions();
  const wide = useWide();
  const t = useWords();
  const said = calls.map((call) => t('call.waitingSpoken', { name: call.caller.displayName }));
  return (
    <StageTheme>
      <Hidden live="polite">{said.join('. ')}</Hidden>
      <View
        style={[
          passThrough,
          {
            position: 'absolute',
            top: insets.top + space(18),
            insetInlineEnd: space(wide ? 6 : 3),
            width: wide ? Math.min(380, width - space(12)) : width - space(6),
            gap: space(2),
          },
        ]}
      >
        {calls.map((call) => (
          <Waiting
            key={call.id}
            call={call}
            onHold={call.waiting === 'hold' && onHold ? () => onHold(call.id) : undefined}
            onDecline={onDecline && (() => onDecline(call.id))}
            onEndAndAccept={onEndAndAccept && (() => onEndAndAccept(call.id))}
          />
        ))}
        {held.map((call) => (
          <Held
            key={call.id}
            call={call}
            onResume={onResume && (() => onResume(call.id))}
            onLeave={onLeave && (() => onLeave(call.id))}
          />
        ))}
        {elsewhere.map((call) => (
          <Elsewhere key={call.id} call={call} onMoveHere={onMoveHere && (() => onMoveHere(call.id))} />
        ))}
      </View>
    </StageTheme>
  );
}

const CARD = { borderRadius: radius.card, backgroundColor: '#12151c', padding: space(3), gap: space(3) } as const;
const BUTTONS = { flexDirection: 'row', flexWrap: 'wrap', gap: space(2) } as const;
const BUTTON = { flexGrow: 1, flexBasis: 90, paddingHorizontal: space(2) } as const;

interface WaitingProps {
  readonly call: IncomingCallItem;
  readonly onHold: (() => void) | undefined;
  readonly onDecline: (() => void) | undefined;
  readonly onEndAndAccept: (() => void) | undefined;
}

function Waiting({ call, onHold, onDecline, onEndAndAccept }: WaitingProps) {
  const t = useWords();
  const colors = useColors();
  const kind = call.kind === 'video' ? t('call.waitingVideo') : t('call.waitingAudio');
  return (
    <View
      role="region"
      aria-label={kind}
      {...webProps({ dataSet: { ground: 'stage' } })}
      style={[CARD, { boxShadow: colors.shadow }]}
    >
      <View style={{ flexDirection: 'row', alignItems: 'center', gap: space(3) }}>
        <Avatar id={call.caller.id} displayName={call.caller.displayName} size={36} />
        <View style={{ flex: 1 }}>
          <Text weight="semibold" numberOfLines={1}>
            {call.caller.displayName}
          </Text>
          <View style={{ flexDirection: 'row', alignItems: 'center', gap: space(1.5) }}>
            <Icon name={call.kind === 'video' ? 'video' : 'phone'} size={14} tone="quiet" />
            <Text variant="small" tone="quiet" numberOfLines={1} style={{ flexShrink: 1 }}>
              {call.group === undefined ? kind : t('call.incomingFrom', { kind, team: call.group })}
            </Text>
          </View>
        </View>
      </View>
      <View style={BUTTONS}>
        {onHold === undefined ? null : (
          <Button compact kind="outline" label={t('call.hold')} onPress={onHold} style={BUTTON} />
        )}
        <Button compact kind="stopQuiet" label={t('call.decline')} onPress={onDecline} style={BUTTON} />
        <Button
          compact
          kind="call"
          label={t('call.endAndAccept')}
          onPress={onEndAndAccept}
          style={[BUTTON, { flexBasis: 150 }]}
        />
      </View>
    </View>
  );
}

interface HeldProps {
  readonly call: OtherCallItem;
  readonly onResume: (() => void) | undefined;
  readonly onLeave: (() => void) | undefined;
}

function Held({ call, onResume, onLeave }: HeldProps) {
  const t = useWords();
  return (
    <Other name={call.name} spoken={t('call.heldCall', { name: call.name })} where={t('call.onHold')}>
      <Button compact kind="call" label={t('call.resume')} onPress={onResume} />
      <Button
        compact
        kind="stopQuiet"
        label={t('call.end')}
        name={t('call.endHeld', { name: call.name })}
        onPress={onLeave}
      />
    </Other>
  );
}

interface ElsewhereProps {
  readonly call: OtherCallItem;
  readonly onMoveHere: (() => void) | undefined;
}

function Elsewhere({ call, onMoveHere }: ElsewhereProps) {
  const t = useWords();
  return (
    <Other name={call.name} spoken={t('call.otherDeviceCall', { name: call.name })} where={t('call.onOtherDevice')}>
      <Button compact kind="call" label={t('call.moveHere')} onPress={onMoveHere} />
    </Other>
  );
}

interface OtherProps {
  readonly name: string;
  readonly spoken: string;
  readonly where: string;
  readonly children: ReactNode;
}

function Other({ name, spoken, where, children }: OtherProps) {
  const colors = useColors();
  return (
    <View
      role="region"
      aria-label={spoken}
      {...webProps({ dataSet: { ground: 'stage' } })}
      style={[
        CARD,
        { flexDirection: 'row', flexWrap: 'wrap', alignItems: 'center', gap: space(2), boxShadow: colors.shadow },
      ]}
    >
      <View style={{ flexGrow: 1, flexBasis: 120 }}>
        <Text weight="semibold" numberOfLines={1}>
          {name}
        </Text>
        <Text variant="small" tone="quiet">
          {where}
        </Text>
      </View>
      {children}
    </View>
  );
}

import { type StyleProp, View, type ViewStyle } from 'react-native';
import { VideoView } from '../../media/VideoView';
import { useColors } from '../../theme/ThemeProvider';
import { radius, space } from '../../theme/tokens';
import { Avatar } from '../../ui/Avatar';
import { Icon } from '../../ui/Icon';
import type { IconName } from '../../ui/icons';
import { Text } from '../../ui/Text';
import { useWords } from '../../words/words';
import type { PersonOnStage } from '../snapshots';
import { useShortName } from './namesakes';
import { Glow } from './Stage';

export interface PersonTileProps {
  readonly person: PersonOnStage;
  readonly isSelf?: boolean;
  readonly mirror?: boolean;
  readonly avatarSize?: number;
  /** The name at the lower edge. */
  readonly tagged?: boolean;
  /** False where it fills the stage. */
  readonly round?: boolean;
  readonly style?: StyleProp<ViewStyle>;
}

/** Over a picture, at its lower edge. */
const BADGE = {
  position: 'absolute',
  insetInlineStart: space(2.5),
  bottom: space(2.5),
  flexDirection: 'row',
  alignItems: 'center',
  paddingVertical: space(1.5),
  backgroundColor: 'rgba(13, 14, 18, 0.72)',
} as const;

/** A person with their picture or face. */
export function PersonTile(props: PersonTileProps) {
  const { person, isSelf = false, mirror = false, avatarSize = 88, tagged = false, round = true, style } = props;
  const t = useWords();
  const colors = useColors();
  const name = isSelf ? t('call.you', { name: person.displayName }) : person.displayName;
  const short = useShortName(person);
  const speaking = person.speaking === true;
  return (
    <View
      role="group"
      aria-label={
        person.onHold === true ? t('call.holding', { name }) : person.isMuted ? t('call.muted', { name }) : name
      }
      style={[{ backgroundColor: colors.tile, overflow: 'hidden' }, style]}
    >
      <Glow id={person.id} from="within" />
      <View style={{ position: 'absolute', inset: 0, alignItems: 'center', justifyContent: 'center' }}>
        <Avatar id={person.id} displayName={person.displayName} size={avatarSize} />
      </View>
      {person.videoEnabled ? (
        <VideoView
          stream={person.stream}
          participantId={person.id}
          mirror={mirror}
          {...(isSelf ? { fit: 'cover' as const } : {})}
        />
      ) : null}
      {person.away === true ? (
        <Veil icon="offline" title={t('call.lostConnection', { name: short })} text={t('call.waitingForThem')} />
      ) : person.onHold === true ? (
        <Veil icon="clock" title={t('call.onHold')} text={t('call.theyComeBack')} />
      ) : null}
      {isSelf && !tagged && person.isMuted ? (
        <View style={[BADGE, { paddingHorizontal: space(1.5), borderRadius: 14 }]}>
          <Icon name="micOff" size={16} tone="stopInk" />
        </View>
      ) : null}
      {tagged ? (
        <View style={[BADGE, { gap: space(1.5), paddingHorizontal: space(2.5), borderRadius: 8, maxWidth: '90%' }]}>
          {person.isMuted ? <Icon name="micOff" size={14} tone="stopInk" /> : null}
          <Text variant="small" weight="semibold" numberOfLines={1} style={{ flexShrink: 1 }} aria-hidden>
            {short}
          </Text>
        </View>
      ) : null}
      <View
        style={{
          position: 'absolute',
          inset: 0,
          borderRadius: round ? radius.card : 0,
          // None rather than a transparent one: with forced colours that would be drawn as well.
          borderWidth: speaking ? 3 : 0,
          borderColor: colors.speaking,
          pointerEvents: 'none',
        }}
      />
    </View>
  );
}

/** Over the last picture of somebody who is out of reach, or elsewhere. The words are spoken by the stage's own region. */
function Veil({ icon, title, text }: { readonly icon: IconName; readonly title: string; readonly text: string }) {
  return (
    <View
      aria-hidden
      style={{
        position: 'absolute',
        inset: 0,
        alignItems: 'center',
        justifyContent: 'center',
        gap: space(3),
        padding: space(4),
        backgroundColor: 'rgba(8, 9, 12, 0.78)',
      }}
    >
      <Icon name={icon} size={32} />
      <Text weight="semibold" align="center">
        {title}
      </Text>
      <Text variant="small" tone="quiet" align="center">
        {text}
      </Text>
    </View>
  );
}

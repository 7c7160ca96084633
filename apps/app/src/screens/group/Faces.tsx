import { useEffect } from 'react';
import { ScrollView, View } from 'react-native';
import { useColors } from '../../theme/ThemeProvider';
import { space } from '../../theme/tokens';
import { useWide } from '../../theme/useWide';
import { Avatar } from '../../ui/Avatar';
import { Icon } from '../../ui/Icon';
import { Pill } from '../../ui/Pill';
import { Text } from '../../ui/Text';
import { webProps } from '../../ui/web';
import { useWords } from '../../words/words';
import { useShortName } from '../call/namesakes';
import type { PersonInGroup, SelfInGroup } from './snapshots';

export interface FacesProps {
  /** In the order in which they are drawn. */
  readonly people: readonly (PersonInGroup | SelfInGroup)[];
  readonly selfId: string;
  /** Why there are no pictures. */
  readonly reason: string;
  /** There are no pictures to be sent. */
  readonly onDrawn: () => void;
}

const FACE = 78;
/** Across a phone that is turned there is room for more than three. */
const ACROSS = 132;

/** Many people on a small screen: faces, not pictures. */
export function Faces({ people, selfId, reason, onDrawn }: FacesProps) {
  // biome-ignore lint/correctness/useExhaustiveDependencies: once, when pictures give way to faces
  useEffect(onDrawn, []);
  return (
    <View style={{ flex: 1 }}>
      <View style={{ alignItems: 'center', paddingBottom: space(4) }}>
        <Pill icon="sound" text={reason} />
      </View>
      <ScrollView
        // Reached by keyboard: its faces hold nothing that takes the focus (WCAG 2.1.1).
        {...webProps({ tabIndex: 0 })}
        contentContainerStyle={{
          flexDirection: 'row',
          flexWrap: 'wrap',
          justifyContent: 'center',
          rowGap: space(5),
          paddingVertical: space(2),
        }}
      >
        {people.map((person) => (
          <Face key={person.id} person={person} isSelf={person.id === selfId} />
        ))}
      </ScrollView>
    </View>
  );
}

function Face({ person, isSelf }: { readonly person: PersonInGroup | SelfInGroup; readonly isSelf: boolean }) {
  const short = useShortName(person);
  const t = useWords();
  const colors = useColors();
  const wide = useWide();
  const name = isSelf ? t('call.you', { name: person.displayName }) : person.displayName;
  const badge = person.isMuted ? 'micOff' : person.hand !== null ? 'hand' : null;
  return (
    <View
      role="group"
      aria-label={person.isMuted ? t('call.muted', { name }) : name}
      style={{ width: wide ? ACROSS : '33.3%', minWidth: 92, alignItems: 'center', gap: space(2) }}
    >
      <View
        style={{
          padding: 4,
          borderRadius: FACE,
          borderWidth: 3,
          borderColor: person.speaking === true ? colors.speaking : 'transparent',
        }}
      >
        <Avatar id={person.id} displayName={person.displayName} size={FACE} />
        {badge === null ? null : (
          <View
            style={{
              position: 'absolute',
              end: 0,
              bottom: 0,
              width: 28,
              height: 28,
              borderRadius: 14,
              borderWidth: 3,
              borderColor: colors.background,
              backgroundColor: colors.control,
              alignItems: 'center',
              justifyContent: 'center',
            }}
          >
            <Icon name={badge} size={13} tone={badge === 'micOff' ? 'stopInk' : 'hand'} />
          </View>
        )}
      </View>
      <Text variant="small" numberOfLines={1} aria-hidden>
        {short}
      </Text>
    </View>
  );
}

import type { Tile } from '@parley/domain';
import { memo } from 'react';
import { View } from 'react-native';
import { VideoView } from '../../media/VideoView';
import { useColors } from '../../theme/ThemeProvider';
import { radius, space } from '../../theme/tokens';
import { Icon } from '../../ui/Icon';
import { IconButton } from '../../ui/IconButton';
import { Text } from '../../ui/Text';
import { firstName } from '../../words/format';
import { useWords } from '../../words/words';
import { PersonTile } from '../call/PersonTile';
import type { PersonInGroup, SelfInGroup } from './snapshots';

export interface GroupTileProps {
  readonly person: PersonInGroup | SelfInGroup;
  readonly isSelf: boolean;
  readonly small?: boolean;
  readonly reaction: string | undefined;
  readonly pinned: boolean;
  /** The same function at each drawing: a tile is drawn anew only when something of its own has changed. */
  readonly onOptions: ((tile: Tile) => void) | undefined;
}

/** A person's tile with what belongs to a group: a raised hand, a reaction, the way to what can be done with them. */
export const GroupTile = memo(function GroupTile({
  person,
  isSelf,
  small = false,
  reaction,
  pinned,
  onOptions,
}: GroupTileProps) {
  const t = useWords();
  return (
    <View style={{ flex: 1 }}>
      <PersonTile
        person={person}
        isSelf={isSelf}
        mirror={isSelf}
        tagged
        avatarSize={small ? 52 : 88}
        style={{ flex: 1, borderRadius: radius.card }}
      />
      <View
        style={{
          position: 'absolute',
          top: space(1),
          end: space(1),
          flexDirection: 'row',
          alignItems: 'center',
          pointerEvents: 'box-none',
        }}
      >
        {person.hand === null ? null : <Hand place={person.hand} />}
        {onOptions === undefined ? null : (
          <IconButton
            round
            icon={pinned ? 'pin' : 'more'}
            iconSize={18}
            ground="control"
            label={t('group.optionsFor', { name: person.displayName })}
            onPress={() => onOptions({ userId: person.id, source: 'camera' })}
          />
        )}
      </View>
      {reaction === undefined ? null : (
        <View style={{ position: 'absolute', end: space(3), bottom: space(2), pointerEvents: 'none' }}>
          <Text aria-hidden style={{ fontSize: small ? 26 : 40, lineHeight: small ? 34 : 52 }}>
            {reaction}
          </Text>
        </View>
      )}
    </View>
  );
});

function Hand({ place }: { readonly place: number }) {
  const t = useWords();
  return (
    <View
      role="img"
      aria-label={t('group.handRaised', { place })}
      style={{
        flexDirection: 'row',
        alignItems: 'center',
        gap: space(1.5),
        height: 30,
        marginHorizontal: space(1),
        paddingHorizontal: space(2.5),
        borderRadius: 8,
        backgroundColor: 'rgba(13, 14, 18, 0.72)',
      }}
    >
      <Icon name="hand" size={16} tone="hand" />
      <Text variant="small" weight="semibold" figures>
        {String(place)}
      </Text>
    </View>
  );
}

export interface ScreenTileProps {
  readonly person: PersonInGroup | SelfInGroup;
  readonly isSelf: boolean;
  readonly onOptions: ((tile: Tile) => void) | undefined;
}

/** What somebody shares: all of it, on its own ground. */
export const ScreenTile = memo(function ScreenTile({ person, isSelf, onOptions }: ScreenTileProps) {
  const t = useWords();
  const colors = useColors();
  const name = isSelf ? t('group.ownScreen') : t('group.screenOf', { name: firstName(person.displayName) });
  return (
    <View
      role="group"
      aria-label={name}
      style={{ flex: 1, backgroundColor: colors.tile, borderRadius: radius.card, overflow: 'hidden' }}
    >
      <VideoView stream={person.screen} participantId={person.id} source="screen" fit="contain" />
      <View
        style={{
          position: 'absolute',
          start: space(2.5),
          bottom: space(2.5),
          flexDirection: 'row',
          alignItems: 'center',
          gap: space(2),
          paddingVertical: space(1.5),
          paddingHorizontal: space(2.5),
          borderRadius: 8,
          backgroundColor: 'rgba(13, 14, 18, 0.72)',
        }}
      >
        <Icon name="share" size={14} />
        <Text variant="small" weight="semibold" aria-hidden>
          {name}
        </Text>
      </View>
      {onOptions === undefined ? null : (
        <View style={{ position: 'absolute', top: space(1), end: space(1) }}>
          <IconButton
            round
            icon="more"
            iconSize={18}
            label={t('group.optionsFor', { name })}
            ground="control"
            onPress={() => onOptions({ userId: person.id, source: 'screen' })}
          />
        </View>
      )}
    </View>
  );
});

import { View } from 'react-native';
import { space } from '../../theme/tokens';
import { useWide } from '../../theme/useWide';
import type { PersonOnStage } from '../snapshots';
import { PersonTile } from './PersonTile';
import { BAR, HEADER } from './Stage';
import { TileGrid } from './TileGrid';

export interface OthersProps {
  readonly others: readonly PersonOnStage[];
  /** The name on the picture, where the header does not say it. */
  readonly tagged: boolean;
}

/** One person has the whole stage; several have tiles between the header and the controls. */
export function Others({ others, tagged }: OthersProps) {
  const wide = useWide();
  const first = others[0];
  if (first === undefined) return null;
  if (others.length === 1) {
    return (
      <View style={{ position: 'absolute', inset: 0 }}>
        <PersonTile person={first} round={false} tagged={tagged} avatarSize={144} style={{ flex: 1 }} />
      </View>
    );
  }
  return (
    <View
      style={
        wide
          ? { position: 'absolute', top: HEADER, bottom: BAR, left: space(5), right: space(5) }
          : { position: 'absolute', inset: 0 }
      }
    >
      <TileGrid people={others} />
    </View>
  );
}

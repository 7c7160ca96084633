import { View } from 'react-native';
import { radius, space } from '../../theme/tokens';
import { useWide } from '../../theme/useWide';
import type { PersonOnStage } from '../snapshots';
import { PersonTile } from './PersonTile';

/** Equal tiles. The rules for more people than fit come with group calls. */
export function TileGrid({ people }: { readonly people: readonly PersonOnStage[] }) {
  const wide = useWide();
  const columns = wide ? Math.ceil(Math.sqrt(people.length)) : people.length > 2 ? 2 : 1;
  const rows = Array.from({ length: Math.ceil(people.length / columns) }, (_, row) =>
    people.slice(row * columns, (row + 1) * columns),
  );
  return (
    <View style={{ flex: 1, gap: space(3) }}>
      {rows.map((row) => (
        <View key={row.map((person) => person.id).join(' ')} style={{ flex: 1, flexDirection: 'row', gap: space(3) }}>
          {row.map((person) => (
            <PersonTile key={person.id} person={person} tagged style={{ flex: 1, borderRadius: radius.card }} />
          ))}
        </View>
      ))}
    </View>
  );
}

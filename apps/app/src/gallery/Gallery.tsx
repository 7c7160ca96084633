import { ScrollView } from 'react-native';
import { type ThemePreference, ThemeProvider, useColors } from '../theme/ThemeProvider';
import { space } from '../theme/tokens';
import { TextLink } from '../ui/TextLink';
import { entries } from './entries';

export interface GalleryProps {
  readonly screen: string | undefined;
  readonly theme: ThemePreference;
  readonly onNavigate: (path: string) => void;
}

/** Shows screens from standing snapshots, without server or call: for looking at and for screenshots. */
export function Gallery({ screen, theme, onNavigate }: GalleryProps) {
  const draw = screen === undefined ? undefined : entries[screen];
  return (
    <ThemeProvider preference={theme}>{draw === undefined ? <Index onNavigate={onNavigate} /> : draw()}</ThemeProvider>
  );
}

function Index({ onNavigate }: Pick<GalleryProps, 'onNavigate'>) {
  const colors = useColors();
  return (
    <ScrollView style={{ flex: 1, backgroundColor: colors.background }} contentContainerStyle={{ padding: space(6) }}>
      {Object.keys(entries).map((name) => {
        const path = `/gallery?show=${name}`;
        return <TextLink key={name} label={name} href={path} onPress={() => onNavigate(path)} />;
      })}
    </ScrollView>
  );
}

import { type ReactNode, useEffect, useState } from 'react';
import { ScrollView, View } from 'react-native';
import { type ThemePreference, ThemeProvider, useColors } from '../theme/ThemeProvider';
import { space } from '../theme/tokens';
import { TextLink } from '../ui/TextLink';
import { isWeb, webProps } from '../ui/web';
import { tryLanguage } from '../words/preference';
import { entries } from './entries';

/** What is to be looked at, and how. */
export interface Look {
  readonly screen: string | undefined;
  readonly theme: ThemePreference;
  /** A language that Parley has, or one of the two that show what a translation would break. */
  readonly language: string | undefined;
}

export interface GalleryProps extends Look {
  readonly onNavigate: (path: string) => void;
}

/** Shows screens from standing snapshots, without server or call: for looking at and for screenshots. */
export function Gallery({ onNavigate, ...asked }: GalleryProps) {
  const look = useLook(asked);
  const draw = look?.screen === undefined ? undefined : entries[look.screen];
  if (look === null) return null;
  return (
    <ThemeProvider preference={look.theme}>
      {draw === undefined ? (
        <Index onNavigate={onNavigate} />
      ) : (
        <Shown key={JSON.stringify(look)} look={look} draw={draw} />
      )}
    </ThemeProvider>
  );
}

/** Says which look it is, for whoever waits for it. */
const Shown = ({ look, draw }: { readonly look: Look; readonly draw: () => ReactNode }) => (
  <View {...webProps({ dataSet: { look: JSON.stringify(look) } })} style={{ flex: 1 }}>
    {draw()}
  </View>
);

/**
 * What the address asks for, once its words are here; then what `gallery` events on the window bring (`detail` is a look). A
 * test that goes through hundreds of looks would wait for the page each time otherwise.
 */
function useLook(asked: Look): Look | null {
  const { screen, theme, language } = asked;
  const [shown, setShown] = useState<Look | null>(null);
  useEffect(() => {
    const show = (look: Look) => tryLanguage(look.language).then(() => setShown(look));
    void show({ screen, theme, language });
    if (!isWeb) return;
    const onEvent = (event: Event) => {
      if (event instanceof CustomEvent) void show(event.detail as Look);
    };
    window.addEventListener('gallery', onEvent);
    return () => window.removeEventListener('gallery', onEvent);
  }, [screen, theme, language]);
  return shown;
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

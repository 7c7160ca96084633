import { createContext, type ReactNode, useContext, useEffect } from 'react';
import { Platform, useColorScheme } from 'react-native';
import { dark, light, type Palette, stage, withMoreContrast } from './tokens';
import { useMoreContrast } from './useMoreContrast';

export type ThemePreference = 'system' | 'light' | 'dark';
export type Scheme = 'light' | 'dark' | 'stage';

export interface Theme {
  readonly scheme: Scheme;
  readonly colors: Palette;
}

const themes: Record<Scheme, Theme> = {
  light: { scheme: 'light', colors: light },
  dark: { scheme: 'dark', colors: dark },
  stage: { scheme: 'stage', colors: stage },
};

const moreContrast: Record<Scheme, Theme> = {
  light: { scheme: 'light', colors: withMoreContrast(light) },
  dark: { scheme: 'dark', colors: withMoreContrast(dark) },
  stage: { scheme: 'stage', colors: withMoreContrast(stage) },
};
const useThemeOf = (scheme: Scheme): Theme => (useMoreContrast() ? moreContrast : themes)[scheme];

const ThemeContext = createContext<Theme | null>(null);

export interface ThemeProviderProps {
  readonly preference: ThemePreference;
  readonly children: ReactNode;
}

/** Follows the system unless the person has chosen otherwise. */
export function ThemeProvider({ preference, children }: ThemeProviderProps) {
  const system = useColorScheme();
  const scheme: Scheme = preference === 'system' ? (system === 'dark' ? 'dark' : 'light') : preference;

  // The page's own ground, scroll bars and focus ring are drawn by CSS, before and outside React.
  useEffect(() => {
    if (Platform.OS !== 'web') return;
    if (preference === 'system') delete document.documentElement.dataset.theme;
    else document.documentElement.dataset.theme = preference;
  }, [preference]);

  return <ThemeContext.Provider value={useThemeOf(scheme)}>{children}</ThemeContext.Provider>;
}

/** Everything under it is drawn on the stage: dark in both themes. */
export function StageTheme({ children }: { readonly children: ReactNode }) {
  return <ThemeContext.Provider value={useThemeOf('stage')}>{children}</ThemeContext.Provider>;
}

function useTheme(): Theme {
  const theme = useContext(ThemeContext);
  if (theme === null) throw new Error('useTheme outside of ThemeProvider');
  return theme;
}

export const useColors = (): Palette => useTheme().colors;

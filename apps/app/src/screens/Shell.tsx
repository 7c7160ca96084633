import type { ReactNode } from 'react';
import { View } from 'react-native';
import { useColors } from '../theme/ThemeProvider';
import { size } from '../theme/tokens';
import { useWide } from '../theme/useWide';
import { EmptyState } from '../ui/States';
import { useWords } from '../words/words';
import { Sidebar, type SidebarProps } from './Sidebar';

export interface ShellProps {
  readonly sidebar: SidebarProps;
  /** What is open; null on the start page. */
  readonly children: ReactNode | null;
}

/** Sidebar and pane beside each other where both fit; else one at a time. */
export function Shell({ sidebar, children }: ShellProps) {
  const wide = useWide();
  const colors = useColors();
  const t = useWords();
  if (!wide) {
    return (
      <View style={{ flex: 1, backgroundColor: colors.background }}>
        {children === null ? <Sidebar {...sidebar} /> : <Main>{children}</Main>}
      </View>
    );
  }
  return (
    <View style={{ flex: 1, flexDirection: 'row', backgroundColor: colors.background }}>
      <View style={{ width: size.sidebar, borderRightWidth: 1, borderRightColor: colors.line }}>
        <Sidebar {...sidebar} />
      </View>
      <Main>{children ?? <EmptyState icon="message" title={t('home.pick')} text={t('home.pickText')} />}</Main>
    </View>
  );
}

function Main({ children }: { readonly children: ReactNode }) {
  return (
    <View role="main" style={{ flex: 1 }}>
      {children}
    </View>
  );
}

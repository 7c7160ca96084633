import type { ReactNode } from 'react';
import { View } from 'react-native';
import { useColors } from '../theme/ThemeProvider';
import { size } from '../theme/tokens';
import { useWide } from '../theme/useWide';
import { EmptyState } from '../ui/States';
import { useWords } from '../words/words';
import { Sidebar, type SidebarProps } from './Sidebar';

export interface ShellProps {
  /** Null until the team is known. */
  readonly sidebar: SidebarProps | null;
  /** False on the start page: nothing is open. */
  readonly open: boolean;
  /** Stays mounted, also while it is not to be seen: the navigator lives in it. */
  readonly children: ReactNode;
}

/** Sidebar and pane beside each other where both fit; else one at a time. */
export function Shell({ sidebar, open, children }: ShellProps) {
  const wide = useWide();
  const colors = useColors();
  const t = useWords();
  return (
    <View style={{ flex: 1, flexDirection: 'row', backgroundColor: colors.background }}>
      {sidebar !== null && (wide || !open) ? (
        <View style={wide ? { width: size.sidebar, borderEndWidth: 1, borderEndColor: colors.line } : { flex: 1 }}>
          <Sidebar {...sidebar} />
        </View>
      ) : null}
      <View role="main" style={[{ flex: 1 }, wide || open ? null : { display: 'none' }]}>
        {wide && !open ? (
          <EmptyState icon="message" heading={1} title={t('home.pick')} text={t('home.pickText')} />
        ) : null}
        <View style={open ? { flex: 1 } : { display: 'none' }}>{children}</View>
      </View>
    </View>
  );
}

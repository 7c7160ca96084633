import { View } from 'react-native';
import { paths } from '../paths';
import { useColors } from '../theme/ThemeProvider';
import { Button } from '../ui/Button';
import { EmptyState } from '../ui/States';
import { useWords } from '../words/words';

export interface NotFoundProps {
  /** Beside the sidebar, whose shell has the page's one `main` already. */
  readonly inShell?: boolean;
  readonly onNavigate?: (path: string) => void;
}

export function NotFound({ inShell = false, onNavigate }: NotFoundProps) {
  const t = useWords();
  const colors = useColors();
  return (
    <View {...(inShell ? {} : { role: 'main' as const })} style={{ flex: 1, backgroundColor: colors.background }}>
      <EmptyState icon="alert" heading={1} title={t('states.notFound')} text={t('states.notFoundText')}>
        <Button kind="outline" label={t('states.toHome')} href={paths.home} onPress={() => onNavigate?.(paths.home)} />
      </EmptyState>
    </View>
  );
}

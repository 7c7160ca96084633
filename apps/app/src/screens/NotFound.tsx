import { View } from 'react-native';
import { paths } from '../paths';
import { useColors } from '../theme/ThemeProvider';
import { Button } from '../ui/Button';
import { EmptyState } from '../ui/States';
import { useWords } from '../words/words';

export function NotFound({ onNavigate }: { readonly onNavigate?: (path: string) => void }) {
  const t = useWords();
  const colors = useColors();
  return (
    <View role="main" style={{ flex: 1, backgroundColor: colors.background }}>
      <EmptyState icon="alert" heading={1} title={t('states.notFound')} text={t('states.notFoundText')}>
        <Button kind="outline" label={t('states.toHome')} href={paths.home} onPress={() => onNavigate?.(paths.home)} />
      </EmptyState>
    </View>
  );
}

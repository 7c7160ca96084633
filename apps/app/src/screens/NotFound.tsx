import { View } from 'react-native';
import { paths } from '../paths';
import { useColors } from '../theme/ThemeProvider';
import { Button } from '../ui/Button';
import { EmptyState } from '../ui/States';
import { useWords } from '../words/words';

export interface NotFoundProps {
  /** What is not there (any more): a guest had nothing here but the `call`. */
  readonly what?: 'page' | 'call' | 'link';
  /** Beside the sidebar, whose shell has the page's one `main` already. */
  readonly inShell?: boolean;
  readonly onNavigate?: (path: string) => void;
}

const SAID = {
  page: { icon: 'alert', title: 'states.notFound', text: 'states.notFoundText' },
  call: { icon: 'phoneOff', title: 'states.outOfCall', text: 'states.outOfCallText' },
  link: { icon: 'link', title: 'states.linkOver', text: 'lobby.expired' },
} as const;

export function NotFound({ what = 'page', inShell = false, onNavigate }: NotFoundProps) {
  const t = useWords();
  const colors = useColors();
  const { icon, title, text } = SAID[what];
  return (
    <View {...(inShell ? {} : { role: 'main' as const })} style={{ flex: 1, backgroundColor: colors.background }}>
      <EmptyState icon={icon} heading={1} title={t(title)} text={t(text)} alert={what !== 'page'}>
        {what === 'call' ? null : (
          <Button
            kind="outline"
            label={t('states.toHome')}
            href={paths.home}
            onPress={() => onNavigate?.(paths.home)}
          />
        )}
      </EmptyState>
    </View>
  );
}

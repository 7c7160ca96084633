import { View } from 'react-native';
import { space } from '../../theme/tokens';
import { IconButton } from '../../ui/IconButton';
import { Text } from '../../ui/Text';
import { useWords } from '../../words/words';

export interface PagesProps {
  /** From 0. */
  readonly page: number;
  readonly pages: number;
  readonly onPage: (page: number) => void;
}

/** Turns the pages of a large group. */
export function Pages({ page, pages, onPage }: PagesProps) {
  const t = useWords();
  return (
    <View
      role="group"
      aria-label={t('group.pages')}
      style={{
        flexDirection: 'row',
        alignItems: 'center',
        justifyContent: 'center',
        gap: space(3),
        marginTop: space(2),
        height: 44,
      }}
    >
      <IconButton
        round
        icon="left"
        label={t('group.previousPage')}
        disabled={page === 0}
        onPress={() => onPage(page - 1)}
      />
      <Text role="status" variant="small" tone="quiet" figures>
        {t('group.pageOf', { page: page + 1, pages })}
      </Text>
      <IconButton
        round
        icon="right"
        label={t('group.nextPage')}
        disabled={page >= pages - 1}
        onPress={() => onPage(page + 1)}
      />
    </View>
  );
}

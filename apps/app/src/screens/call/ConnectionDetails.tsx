import { useState } from 'react';
import { Button } from '../../ui/Button';
import { Dialog } from '../../ui/Dialog';
import { Hidden } from '../../ui/Hidden';
import { Text } from '../../ui/Text';
import { useWords } from '../../words/words';
import type { ActiveCallSnapshot } from '../snapshots';
import { FigureList } from './FigureList';
import { type ConnectionFigures, figuresAsText, liveFigures } from './figures';

export interface ConnectionDetailsProps {
  readonly figures: ConnectionFigures;
  readonly quality: ActiveCallSnapshot['quality'];
  /** Absent where nothing can be copied. */
  readonly onCopy?: ((text: string) => Promise<void>) | undefined;
  readonly onClose: () => void;
}

/** How the call is carried, in figures that go on while one looks. */
export function ConnectionDetails({ figures, quality, onCopy, onClose }: ConnectionDetailsProps) {
  const t = useWords();
  const [copied, setCopied] = useState(false);
  const rows = liveFigures(figures);
  return (
    <Dialog title={t('figures.title')} width={400} onClose={onClose}>
      <Text tone="quiet">{quality === null ? t('figures.none') : t(`quality.${quality}`)}</Text>
      <FigureList figures={rows} />
      {onCopy === undefined ? null : (
        <Button
          kind="outline"
          compact
          icon={copied ? 'check' : 'copy'}
          label={copied ? t('figures.copied') : t('figures.copy')}
          onPress={() => void onCopy(figuresAsText(rows)).then(() => setCopied(true))}
        />
      )}
      <Hidden live="polite">{copied ? t('figures.copied') : ''}</Hidden>
    </Dialog>
  );
}

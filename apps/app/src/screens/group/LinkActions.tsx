import { View } from 'react-native';
import { space } from '../../theme/tokens';
import { Button } from '../../ui/Button';
import { Text } from '../../ui/Text';
import { useWords } from '../../words/words';

/** What became of the last press; null: nothing was pressed. */
export type LinkState = 'copied' | 'revoked' | 'failed' | null;

export interface LinkActionsProps {
  readonly linkState?: LinkState | undefined;
  readonly onCopyLink?: (() => void) | undefined;
  readonly onRevokeLink?: (() => void) | undefined;
}

/** The link to a call, for those who are in it. */
export function LinkActions({ linkState = null, onCopyLink, onRevokeLink }: LinkActionsProps) {
  const t = useWords();
  if (onCopyLink === undefined) return null;
  return (
    <View style={{ gap: space(2) }}>
      <Button compact kind="outline" icon="link" label={t('group.copyLink')} onPress={onCopyLink} />
      {onRevokeLink === undefined ? null : (
        <Button compact kind="quiet" label={t('group.revokeLink')} onPress={onRevokeLink} />
      )}
      {linkState === null ? null : (
        <Text role="status" variant="small" tone={linkState === 'failed' ? 'stopInk' : 'quiet'} align="center">
          {t(`group.link.${linkState}`)}
        </Text>
      )}
    </View>
  );
}

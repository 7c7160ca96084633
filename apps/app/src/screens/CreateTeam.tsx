import { useState } from 'react';
import { View } from 'react-native';
import { useColors } from '../theme/ThemeProvider';
import { radius, space } from '../theme/tokens';
import { Button } from '../ui/Button';
import { FormPage } from '../ui/FormPage';
import { Icon } from '../ui/Icon';
import { Notice } from '../ui/Notice';
import { Text } from '../ui/Text';
import { TextField } from '../ui/TextField';
import { errorText } from '../words/errors';
import { useWords } from '../words/words';
import type { ErrorCode } from './snapshots';

export interface CreateTeamProps {
  readonly busy: boolean;
  readonly error: ErrorCode | null;
  readonly onCreate?: (name: string) => void;
  readonly onSignOut?: () => void;
}

/** What an account without a team sees. */
export function CreateTeam({ busy, error, onCreate, onSignOut }: CreateTeamProps) {
  const t = useWords();
  const colors = useColors();
  const [name, setName] = useState('');
  const submit = () => {
    if (name.trim() !== '' && !busy) onCreate?.(name.trim());
  };
  const below = (
    <>
      <View
        style={{
          flexDirection: 'row',
          gap: space(3),
          padding: space(4),
          borderRadius: radius.card,
          backgroundColor: colors.panel,
        }}
      >
        <Icon name="link" tone="quiet" size={20} />
        <View style={{ flex: 1, gap: space(1) }}>
          <Text weight="semibold">{t('createTeam.invitedTitle')}</Text>
          <Text variant="small" tone="quiet">
            {t('createTeam.invitedText')}
          </Text>
        </View>
      </View>
      {onSignOut === undefined ? null : <Button kind="quiet" label={t('home.signOut')} onPress={onSignOut} />}
    </>
  );
  return (
    <FormPage title={t('createTeam.title')} text={t('createTeam.text')} below={below}>
      {error === null ? null : <Notice tone="stop" icon="alert" role="alert" text={errorText(error)} />}
      <TextField
        label={t('createTeam.name')}
        value={name}
        onChangeText={setName}
        autoComplete="organization"
        autoCapitalize="words"
        maxLength={80}
        enterKeyHint="done"
        onSubmitEditing={submit}
      />
      <Button label={t('createTeam.submit')} busy={busy} disabled={name.trim() === ''} onPress={onCreate && submit} />
    </FormPage>
  );
}

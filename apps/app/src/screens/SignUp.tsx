import { useState } from 'react';
import { View } from 'react-native';
import { paths } from '../paths';
import { Button } from '../ui/Button';
import { FormPage } from '../ui/FormPage';
import { Notice } from '../ui/Notice';
import { Text } from '../ui/Text';
import { TextField } from '../ui/TextField';
import { TextLink } from '../ui/TextLink';
import { errorText } from '../words/errors';
import { useWords } from '../words/words';
import type { ErrorCode } from './snapshots';

export interface SignUpProps {
  readonly busy: boolean;
  readonly error: ErrorCode | null;
  readonly onSignUp?: (account: { email: string; password: string; displayName: string }) => void;
  readonly onNavigate?: (path: string) => void;
}

const MIN_PASSWORD = 8;

export function SignUp({ busy, error, onSignUp, onNavigate }: SignUpProps) {
  const t = useWords();
  const [email, setEmail] = useState('');
  const [password, setPassword] = useState('');
  const [displayName, setDisplayName] = useState('');
  const [tried, setTried] = useState(false);

  const wrongName = displayName.trim() === '' ? errorText('required') : undefined;
  const wrongEmail = /^\S+@\S+$/.test(email.trim()) ? undefined : errorText('invalid_email');
  const wrongPassword = password.length < MIN_PASSWORD ? errorText('weak_password') : undefined;
  const submit = () => {
    setTried(true);
    if (busy || wrongName !== undefined || wrongEmail !== undefined || wrongPassword !== undefined) return;
    onSignUp?.({ email: email.trim(), password, displayName: displayName.trim() });
  };
  const below = (
    <View style={{ flexDirection: 'row', flexWrap: 'wrap', alignItems: 'center', justifyContent: 'center' }}>
      <Text tone="quiet">{t('signUp.haveOne')}</Text>
      <TextLink label={t('signUp.toSignIn')} href={paths.signIn} onPress={() => onNavigate?.(paths.signIn)} />
    </View>
  );
  return (
    <FormPage title={t('signUp.title')} below={below}>
      {error === null ? null : <Notice tone="stop" icon="alert" role="alert" text={errorText(error)} />}
      <TextField
        label={t('signUp.displayName')}
        hint={t('signUp.displayNameHint')}
        error={tried ? wrongName : undefined}
        value={displayName}
        onChangeText={setDisplayName}
        autoComplete="name"
        autoCapitalize="words"
        maxLength={80}
      />
      <TextField
        label={t('signUp.email')}
        error={tried ? wrongEmail : undefined}
        value={email}
        onChangeText={setEmail}
        inputMode="email"
        autoComplete="email"
        autoCapitalize="none"
      />
      <TextField
        label={t('signUp.password')}
        hint={t('signUp.passwordHint')}
        error={tried ? wrongPassword : undefined}
        value={password}
        onChangeText={setPassword}
        secureTextEntry
        autoComplete="new-password"
        autoCapitalize="none"
        enterKeyHint="done"
        onSubmitEditing={submit}
      />
      <Button label={t('signUp.submit')} busy={busy} onPress={onSignUp && submit} />
    </FormPage>
  );
}

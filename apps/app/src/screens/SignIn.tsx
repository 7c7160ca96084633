import { useRef, useState } from 'react';
import { type TextInput, View } from 'react-native';
import { paths } from '../paths';
import { useColors } from '../theme/ThemeProvider';
import { radius, size, space } from '../theme/tokens';
import { Avatar } from '../ui/Avatar';
import { Button } from '../ui/Button';
import { FormPage } from '../ui/FormPage';
import { Notice } from '../ui/Notice';
import { Press } from '../ui/Press';
import { Text } from '../ui/Text';
import { TextField } from '../ui/TextField';
import { TextLink } from '../ui/TextLink';
import { errorText } from '../words/errors';
import { firstName } from '../words/format';
import { useWords } from '../words/words';
import type { ErrorCode, Person } from './snapshots';

export interface SignInProps {
  readonly busy: boolean;
  readonly error: ErrorCode | null;
  /** The people of the demo team; empty outside of demo mode. */
  readonly demoPeople: readonly Person[];
  readonly onSignIn?: (email: string, password: string) => void;
  readonly onDemo?: (person: Person) => void;
  readonly onNavigate?: (path: string) => void;
}

export function SignIn({ busy, error, demoPeople, onSignIn, onDemo, onNavigate }: SignInProps) {
  const t = useWords();
  const [email, setEmail] = useState('');
  const [password, setPassword] = useState('');
  const passwordField = useRef<TextInput>(null);
  const ready = email.trim() !== '' && password !== '';
  const submit = () => {
    if (ready && !busy) onSignIn?.(email.trim(), password);
  };
  const below = (
    <>
      <View style={{ flexDirection: 'row', flexWrap: 'wrap', alignItems: 'center', justifyContent: 'center' }}>
        <Text tone="quiet">{t('signIn.newHere')}</Text>
        <TextLink label={t('signIn.toSignUp')} href={paths.signUp} onPress={() => onNavigate?.(paths.signUp)} />
      </View>
      {demoPeople.length === 0 ? null : (
        <View style={{ gap: space(3) }}>
          <Text variant="small" tone="quiet" align="center">
            {t('signIn.demoTitle')}
          </Text>
          <View style={{ flexDirection: 'row', flexWrap: 'wrap', gap: space(2) }}>
            {demoPeople.map((person) => (
              <DemoButton key={person.id} person={person} busy={busy} onPress={onDemo && (() => onDemo(person))} />
            ))}
          </View>
        </View>
      )}
    </>
  );
  return (
    <FormPage title={t('signIn.title')} text={t('app.tagline')} below={below}>
      {error === null ? null : <Notice tone="stop" icon="alert" role="alert" text={errorText(error)} />}
      <TextField
        label={t('signIn.email')}
        value={email}
        onChangeText={setEmail}
        inputMode="email"
        autoComplete="email"
        autoCapitalize="none"
        enterKeyHint="next"
        onSubmitEditing={() => passwordField.current?.focus()}
      />
      <TextField
        ref={passwordField}
        label={t('signIn.password')}
        value={password}
        onChangeText={setPassword}
        secureTextEntry
        autoComplete="current-password"
        autoCapitalize="none"
        enterKeyHint="done"
        onSubmitEditing={submit}
      />
      <Button label={t('signIn.submit')} busy={busy} disabled={!ready} onPress={onSignIn && submit} />
    </FormPage>
  );
}

interface DemoButtonProps {
  readonly person: Person;
  readonly busy: boolean;
  readonly onPress: (() => void) | undefined;
}

function DemoButton({ person, busy, onPress }: DemoButtonProps) {
  const colors = useColors();
  const t = useWords();
  const name = firstName(person.displayName);
  return (
    <Press
      label={t('signIn.demoContinue', { name })}
      onPress={onPress}
      disabled={busy}
      style={{
        flexGrow: 1,
        flexBasis: '46%',
        minHeight: size.touch,
        borderRadius: radius.button,
        borderWidth: 1,
        borderColor: colors.line,
        backgroundColor: colors.card,
        paddingHorizontal: space(2),
        justifyContent: 'center',
      }}
    >
      <View style={{ flexDirection: 'row', alignItems: 'center', gap: space(1.5), pointerEvents: 'none' }}>
        <Avatar id={person.id} displayName={person.displayName} size={24} />
        <Text variant="small" weight="medium" numberOfLines={2} style={{ flex: 1, lineHeight: 16 }}>
          {t('signIn.demoContinue', { name })}
        </Text>
      </View>
    </Press>
  );
}

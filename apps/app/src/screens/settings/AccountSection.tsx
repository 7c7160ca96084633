import { type ReactNode, useState } from 'react';
import { View } from 'react-native';
import { space } from '../../theme/tokens';
import { Button } from '../../ui/Button';
import { Card } from '../../ui/Card';
import { Notice } from '../../ui/Notice';
import { Text } from '../../ui/Text';
import { TextField } from '../../ui/TextField';
import { errorText } from '../../words/errors';
import { useWords } from '../../words/words';
import type { ErrorCode } from '../snapshots';
import { Section } from './Section';

type Matter = 'password' | 'leave' | 'delete';

export interface AccountSectionProps {
  readonly teamName: string;
  /** False where a foreign issuer keeps the accounts: password and deletion are there. */
  readonly ownAccount: boolean;
  readonly busy: boolean;
  readonly error: ErrorCode | null;
  /** What was done last, and is said. */
  readonly done: 'password' | null;
  /** Resolves to whether it was done. */
  readonly onChangePassword?: (current: string, next: string) => Promise<boolean>;
  readonly onLeaveTeam?: () => void;
  readonly onDelete?: (password: string) => void;
  readonly onSignOut?: () => void;
  /** What went wrong before is of no interest any more. */
  readonly onForget?: () => void;
  /** What is being asked about to begin with. */
  readonly opensWith?: Matter;
}

/** What ends things asks first, in place. */
export function AccountSection(props: AccountSectionProps) {
  const { teamName, ownAccount, busy, error, done, onChangePassword, onLeaveTeam, onDelete, onSignOut } = props;
  const t = useWords();
  const [open, setOpen] = useState<Matter | null>(props.opensWith ?? null);
  const show = (matter: Matter | null) => {
    props.onForget?.();
    setOpen(matter);
  };
  const close = () => show(null);
  const problem = error === null ? null : <Notice tone="stop" icon="alert" role="alert" text={errorText(error)} />;
  return (
    <Section title={t('settings.account.title')}>
      {done === 'password' ? <Notice tone="accent" icon="check" text={t('settings.account.passwordChanged')} /> : null}
      <View style={{ flexDirection: 'row', flexWrap: 'wrap', gap: space(2) }}>
        <Button compact kind="outline" icon="signOut" label={t('settings.signOut')} onPress={onSignOut} />
        {ownAccount ? (
          <Button
            compact
            kind="outline"
            icon="lock"
            label={t('settings.account.changePassword')}
            onPress={() => show('password')}
          />
        ) : null}
        <Button
          compact
          kind="outline"
          label={t('settings.account.leave', { team: teamName })}
          onPress={() => show('leave')}
        />
        {ownAccount ? (
          <Button compact kind="stopQuiet" label={t('settings.account.delete')} onPress={() => show('delete')} />
        ) : null}
      </View>
      {open === 'password' ? (
        <PasswordForm
          busy={busy}
          problem={problem}
          onCancel={close}
          onSubmit={
            onChangePassword &&
            (async (current, next) => {
              if (await onChangePassword(current, next)) setOpen(null);
            })
          }
        />
      ) : null}
      {open === 'leave' ? (
        <Ask text={t('settings.account.leaveText', { team: teamName })} problem={problem}>
          <Button compact kind="stop" label={t('settings.account.leaveNow')} busy={busy} onPress={onLeaveTeam} />
          <Button compact kind="quiet" label={t('settings.account.cancel')} onPress={close} />
        </Ask>
      ) : null}
      {open === 'delete' ? <DeleteForm busy={busy} problem={problem} onCancel={close} onSubmit={onDelete} /> : null}
    </Section>
  );
}

interface AskProps {
  readonly text: string;
  readonly problem: ReactNode;
  readonly fields?: ReactNode;
  readonly children: ReactNode;
}

function Ask({ text, problem, fields, children }: AskProps) {
  return (
    <Card style={{ padding: space(4), gap: space(4) }}>
      <Text>{text}</Text>
      {problem}
      {fields}
      <View style={{ flexDirection: 'row', flexWrap: 'wrap', gap: space(2) }}>{children}</View>
    </Card>
  );
}

interface FormProps {
  readonly busy: boolean;
  readonly problem: ReactNode;
  readonly onCancel: () => void;
}

function PasswordForm({
  busy,
  problem,
  onCancel,
  onSubmit,
}: FormProps & { readonly onSubmit: ((current: string, next: string) => void) | undefined }) {
  const t = useWords();
  const [current, setCurrent] = useState('');
  const [next, setNext] = useState('');
  const ready = current !== '' && next.length >= 8 && !busy;
  const submit = () => {
    if (ready) onSubmit?.(current, next);
  };
  const fields = (
    <>
      <TextField
        label={t('settings.account.currentPassword')}
        value={current}
        onChangeText={setCurrent}
        secureTextEntry
        autoFocus
        autoComplete="current-password"
        autoCapitalize="none"
        maxLength={128}
      />
      <TextField
        label={t('settings.account.newPassword')}
        hint={t('signUp.passwordHint')}
        value={next}
        onChangeText={setNext}
        secureTextEntry
        autoComplete="new-password"
        autoCapitalize="none"
        maxLength={128}
        enterKeyHint="done"
        onSubmitEditing={submit}
      />
    </>
  );
  return (
    <Ask text={t('settings.account.passwordText')} problem={problem} fields={fields}>
      <Button compact label={t('settings.account.savePassword')} busy={busy} disabled={!ready} onPress={submit} />
      <Button compact kind="quiet" label={t('settings.account.cancel')} onPress={onCancel} />
    </Ask>
  );
}

function DeleteForm({
  busy,
  problem,
  onCancel,
  onSubmit,
}: FormProps & { readonly onSubmit: ((password: string) => void) | undefined }) {
  const t = useWords();
  const [password, setPassword] = useState('');
  const fields = (
    <TextField
      label={t('settings.account.yourPassword')}
      value={password}
      onChangeText={setPassword}
      secureTextEntry
      autoFocus
      autoComplete="current-password"
      autoCapitalize="none"
      maxLength={128}
    />
  );
  return (
    <Ask text={t('settings.account.deleteText')} problem={problem} fields={fields}>
      <Button
        compact
        kind="stop"
        label={t('settings.account.deleteNow')}
        busy={busy}
        disabled={password === ''}
        onPress={onSubmit && (() => onSubmit(password))}
      />
      <Button compact kind="quiet" label={t('settings.account.cancel')} onPress={onCancel} />
    </Ask>
  );
}

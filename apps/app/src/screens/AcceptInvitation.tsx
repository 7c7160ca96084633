import { paths } from '../paths';
import { Button } from '../ui/Button';
import { FormPage } from '../ui/FormPage';
import { Notice } from '../ui/Notice';
import { errorText } from '../words/errors';
import { useWords } from '../words/words';
import type { ErrorCode } from './snapshots';

export interface AcceptInvitationProps {
  /** `open` can be accepted, `signed_out` needs an account first, `invalid` is over. */
  readonly state: 'open' | 'signed_out' | 'invalid';
  readonly teamName: string | null;
  readonly busy: boolean;
  readonly error: ErrorCode | null;
  readonly onAccept?: () => void;
  readonly onNavigate?: (path: string) => void;
}

export function AcceptInvitation({ state, teamName, busy, error, onAccept, onNavigate }: AcceptInvitationProps) {
  const t = useWords();
  const text = teamName === null ? t('invitation.text') : t('invitation.textTeam', { team: teamName });
  if (state === 'invalid') {
    return (
      <FormPage title={t('invitation.title')}>
        <Notice tone="stop" icon="alert" role="alert" text={t('invitation.invalid')} />
        <Button
          kind="outline"
          label={t('invitation.home')}
          href={paths.home}
          onPress={() => onNavigate?.(paths.home)}
        />
      </FormPage>
    );
  }
  if (state === 'signed_out') {
    return (
      <FormPage title={t('invitation.title')} text={t('invitation.signInFirst')}>
        <Button label={t('signIn.submit')} href={paths.signIn} onPress={() => onNavigate?.(paths.signIn)} />
        <Button
          kind="outline"
          label={t('signIn.toSignUp')}
          href={paths.signUp}
          onPress={() => onNavigate?.(paths.signUp)}
        />
      </FormPage>
    );
  }
  return (
    <FormPage title={t('invitation.title')} text={text}>
      {error === null ? null : <Notice tone="stop" icon="alert" role="alert" text={errorText(error)} />}
      <Button label={t('invitation.accept')} icon="check" busy={busy} onPress={onAccept} />
    </FormPage>
  );
}

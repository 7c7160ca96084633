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
  /** Null until it is known where the link leads. */
  readonly preview: { readonly teamName: string; readonly invitedBy: string | null } | null;
  readonly busy: boolean;
  readonly error: ErrorCode | null;
  readonly onAccept?: () => void;
  readonly onNavigate?: (path: string) => void;
}

export function AcceptInvitation({ state, preview, busy, error, onAccept, onNavigate }: AcceptInvitationProps) {
  const t = useWords();
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
  const title =
    preview === null
      ? t('invitation.title')
      : preview.invitedBy === null
        ? t('invitation.titleTeam', { team: preview.teamName })
        : t('invitation.titleFrom', { name: preview.invitedBy, team: preview.teamName });
  if (state === 'signed_out') {
    return (
      <FormPage title={title} text={t('invitation.signInFirst')}>
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
    <FormPage
      title={title}
      text={preview === null ? t('invitation.text') : t('invitation.textTeam', { team: preview.teamName })}
    >
      {error === null ? null : <Notice tone="stop" icon="alert" role="alert" text={errorText(error)} />}
      <Button label={t('invitation.accept')} icon="check" busy={busy} onPress={onAccept} />
    </FormPage>
  );
}

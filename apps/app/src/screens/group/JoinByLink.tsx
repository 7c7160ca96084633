import { useState } from 'react';
import { Button } from '../../ui/Button';
import { Text } from '../../ui/Text';
import { TextField } from '../../ui/TextField';
import { useWords } from '../../words/words';
import { LobbyPage, type LobbyProps } from './Lobby';
import type { GuestState, JoinByLinkSnapshot } from './snapshots';

export interface JoinByLinkProps extends Omit<LobbyProps, 'snapshot' | 'onJoin'> {
  readonly snapshot: JoinByLinkSnapshot;
  /** A member goes in. */
  readonly onJoin?: () => void;
  /** A guest asks to be let in. */
  readonly onAsk?: (name: string) => void;
}

const MAX_NAME = 60;
/** What may be otherwise the next time: the way in stays below what is said. */
const MAY_CHANGE: readonly GuestState[] = ['open', 'refused', 'full', 'locked', 'failed'];

/** Where the link of a call leads: members go in, guests give a name and knock. */
export function JoinByLink({ snapshot, onJoin, onAsk, ...lobby }: JoinByLinkProps) {
  const t = useWords();
  const { guestName, state, busy, kind } = snapshot;
  const [name, setName] = useState(guestName ?? '');
  const told = name.trim();
  const ask = onAsk && (() => onAsk(told));
  const mayTry = MAY_CHANGE.includes(state);
  return (
    <LobbyPage {...lobby} snapshot={snapshot}>
      {state !== 'open' && state !== 'asking' ? (
        <Text role="alert" align="center">
          {t(`lobby.${state}`)}
        </Text>
      ) : null}
      {mayTry && guestName === null ? (
        <Button
          kind="call"
          icon={kind === 'video' ? 'video' : 'phone'}
          label={t('lobby.join')}
          busy={busy}
          onPress={onJoin}
        />
      ) : null}
      {mayTry && guestName !== null ? (
        <>
          <TextField
            label={t('lobby.yourName')}
            hint={t('lobby.yourNameHint')}
            value={name}
            onChangeText={setName}
            maxLength={MAX_NAME}
            autoComplete="name"
            enterKeyHint="done"
            onSubmitEditing={() => {
              if (told !== '') ask?.();
            }}
          />
          <Button kind="call" label={t('lobby.ask')} busy={busy} disabled={told === ''} onPress={ask} />
        </>
      ) : null}
      {state === 'asking' ? (
        <Text role="status" align="center">
          {t('lobby.asking')}
        </Text>
      ) : null}
    </LobbyPage>
  );
}

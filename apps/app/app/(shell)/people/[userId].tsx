import { useChat, useClientSnapshot } from '@parley/react';
import { useLocalSearchParams } from 'expo-router';
import { paths } from '../../../src/paths';
import { NotFound } from '../../../src/screens/NotFound';
import { Profile } from '../../../src/screens/Profile';
import { LoadingState } from '../../../src/ui/States';
import { useHistory } from '../../../src/wiring/history';
import { useGo } from '../../../src/wiring/navigation';
import { usePerson, useTeam, withPresence } from '../../../src/wiring/people';
import { useAttempt, useMe } from '../../../src/wiring/session';
import { useCallPerson } from '../../../src/wiring/useCalling';
import { useNow } from '../../../src/wiring/useNow';
import { usePreparedCall } from '../../../src/wiring/usePreparedCall';

const MOST_RECENT = 5;

export default function ProfileRoute() {
  const { userId = '' } = useLocalSearchParams<{ userId: string }>();
  const go = useGo();
  const chat = useChat();
  const me = useMe();
  const team = useTeam();
  const mine = useClientSnapshot((client) => client.presence.get(userId));
  const ended = useClientSnapshot((client) => client.summaries);
  const connection = useClientSnapshot((client) => client.connection);
  const unread = useClientSnapshot((client) => client.unreadCalls);
  const history = useHistory(team?.id ?? null, me?.id ?? '', [ended, connection, unread], 'all', userId);
  const other = usePerson(userId);
  const call = useCallPerson();
  const opening = useAttempt();
  const now = useNow();
  const isMe = userId === me?.id;
  usePreparedCall(!isMe && call !== undefined);
  const person = isMe && me ? withPresence(me, mine) : other;
  if (person === 'loading' || team === null) return <LoadingState />;
  if (person === null) return <NotFound inShell onNavigate={go.replace} />;
  const message = async () => {
    await opening.attempt(async () => go.to(paths.channel((await chat.openDirect(team.id, userId)).id)));
  };
  return (
    <Profile
      snapshot={{
        person,
        recentCalls: history.calls?.slice(0, MOST_RECENT) ?? null,
        error: opening.error ?? (history.calls === null ? history.error : null),
        now,
      }}
      onBack={go.back}
      onNavigate={go.to}
      {...(isMe ? {} : { onMessage: () => void message() })}
      {...(isMe || !call ? {} : { onAudioCall: () => call(userId, 'audio'), onVideoCall: () => call(userId, 'video') })}
    />
  );
}

import { useChannelMessages, useChat, useClientSnapshot, useParley } from '@parley/react';
import { useLocalSearchParams } from 'expo-router';
import { useMemo } from 'react';
import { paths } from '../../../src/paths';
import { Channel } from '../../../src/screens/Channel';
import { NotFound } from '../../../src/screens/NotFound';
import type { CallKind } from '../../../src/screens/snapshots';
import { LoadingState } from '../../../src/ui/States';
import { useChannelCall } from '../../../src/wiring/channelCall';
import { pastCallOf } from '../../../src/wiring/history';
import { invitePath } from '../../../src/wiring/invitePath';
import { useGo } from '../../../src/wiring/navigation';
import { useChannels, usePerson } from '../../../src/wiring/people';
import { useMe } from '../../../src/wiring/session';
import { useCallPerson } from '../../../src/wiring/useCalling';
import { useNow } from '../../../src/wiring/useNow';
import { usePreparedCall } from '../../../src/wiring/usePreparedCall';
import { useSeenCalls } from '../../../src/wiring/useSeenCalls';

export default function ChannelRoute() {
  const { id = '' } = useLocalSearchParams<{ id: string }>();
  const go = useGo();
  const chat = useChat();
  const { links } = useParley();
  const me = useMe();
  const channels = useChannels();
  const channel = channels?.find((one) => one.id === id);
  const other = usePerson(channel?.memberIds.find((member) => member !== me?.id) ?? '');
  const direct = other === 'loading' ? null : other;
  const otherName = direct?.displayName ?? null;
  const list = useChannelMessages(id);
  const connection = useClientSnapshot((client) => client.connection);
  const call = useCallPerson();
  usePreparedCall(direct !== null && call !== undefined);
  const running = useChannelCall(id);
  const now = useNow();
  const messages = useMemo(
    () =>
      list.items.map(({ id: messageId, author, type, content, call: left, createdAt, state }) => {
        const invite = type === 'call_invite' ? invitePath(content) : null;
        const past = left === null ? null : pastCallOf(left, me?.id ?? '', otherName);
        return {
          id: messageId,
          author,
          text: content,
          at: Date.parse(createdAt),
          ...(state === 'sent' ? {} : { state }),
          ...(past === null ? {} : { call: past }),
          ...(invite === null ? {} : { invite }),
        };
      }),
    [list.items, me?.id, otherName],
  );
  useSeenCalls(useMemo(() => messages.flatMap((message) => message.call?.id ?? []), [messages]));
  if (channels === null) return <LoadingState />;
  if (channel === undefined) return <NotFound inShell onNavigate={go.replace} />;
  return (
    <Channel
      key={id}
      snapshot={{
        name: channel.name,
        direct,
        messages: list.loading && list.items.length === 0 ? null : messages,
        hasOlder: list.hasOlder,
        loadingOlder: list.loading,
        error: null,
        connection,
        now,
        running,
      }}
      onSend={(text) => void chat.send(id, text)}
      onResend={(messageId) => void chat.resend(id, messageId)}
      onLoadOlder={() => void chat.loadOlder(id).catch(() => undefined)}
      onBack={go.back}
      onNavigate={go.to}
      {...(channel.kind === 'channel'
        ? {
            onStartCall: (kind: CallKind) => go.to(paths.lobby(id, kind)),
            // The message that comes of it says that it was done.
            onPostLink: () => void links.create(channel.teamId, { channelId: id }).catch(() => undefined),
          }
        : {})}
      {...(direct !== null && call
        ? {
            onAudioCall: () => call(direct.id, 'audio', id),
            onVideoCall: () => call(direct.id, 'video', id),
            onCallBack: ({ kind }) => call(direct.id, kind, id),
          }
        : {})}
    />
  );
}

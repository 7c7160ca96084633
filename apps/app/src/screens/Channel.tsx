import { KeyboardAvoidingView, Platform } from 'react-native';
import { paths } from '../paths';
import { useColors } from '../theme/ThemeProvider';
import { Avatar } from '../ui/Avatar';
import { IconButton } from '../ui/IconButton';
import { PaneHeader } from '../ui/PaneHeader';
import { type Connection, ConnectionNotice, ErrorState, LoadingState } from '../ui/States';
import { errorText } from '../words/errors';
import { useWords } from '../words/words';
import { Composer } from './Composer';
import { CallActions } from './channel/CallActions';
import { RunningCallCard } from './channel/RunningCallCard';
import { MessageList } from './MessageList';
import type { CallKind, ErrorCode, MessageItem, PastCall, Person, RunningCall } from './snapshots';

export interface ChannelSnapshot {
  readonly name: string;
  /** The other person of a direct channel. */
  readonly direct: Person | null;
  /** Oldest first; null while nothing has been loaded. */
  readonly messages: readonly MessageItem[] | null;
  readonly hasOlder: boolean;
  readonly loadingOlder: boolean;
  readonly error: ErrorCode | null;
  readonly connection: Connection;
  /** Epoch milliseconds; days are named relative to it. */
  readonly now: number;
  /** The call that runs in this channel. */
  readonly running?: RunningCall | null;
}

export interface ChannelProps {
  readonly snapshot: ChannelSnapshot;
  readonly onSend?: (text: string) => void;
  readonly onLoadOlder?: () => void;
  readonly onRetry?: () => void;
  readonly onResend?: (messageId: string) => void;
  readonly onAudioCall?: () => void;
  readonly onVideoCall?: () => void;
  /** Calls the person of a direct channel as in the call that stands there. */
  readonly onCallBack?: (call: PastCall) => void;
  /** To the lobby of a call in this channel. */
  readonly onStartCall?: (kind: CallKind) => void;
  readonly onPostLink?: () => void;
  readonly onBack?: () => void;
  readonly onNavigate?: (path: string) => void;
}

export function Channel(props: ChannelProps) {
  const { snapshot, onSend, onAudioCall, onVideoCall, onStartCall, onBack, onNavigate } = props;
  const { direct, name, messages, error, running } = snapshot;
  const t = useWords();
  const colors = useColors();
  return (
    <KeyboardAvoidingView
      behavior={Platform.OS === 'ios' ? 'padding' : undefined}
      style={{ flex: 1, backgroundColor: colors.background }}
    >
      <PaneHeader
        title={direct?.displayName ?? name}
        {...(direct === null ? { titlePrefix: '# ' } : {})}
        onBack={onBack}
        lead={
          direct === null ? null : (
            <Avatar id={direct.id} displayName={direct.displayName} size={32} presence={direct.presence} />
          )
        }
        actions={
          direct === null ? (
            onStartCall === undefined ? undefined : (
              <CallActions running={running ?? null} onStartCall={onStartCall} onPostLink={props.onPostLink} />
            )
          ) : (
            <>
              {onAudioCall && (
                <IconButton icon="phone" tone="quiet" label={t('profile.audioCall')} onPress={onAudioCall} />
              )}
              {onVideoCall && (
                <IconButton icon="video" tone="quiet" label={t('profile.videoCall')} onPress={onVideoCall} />
              )}
              <IconButton
                icon="info"
                tone="quiet"
                label={t('channel.details', { name: direct.displayName })}
                href={paths.person(direct.id)}
                onPress={() => onNavigate?.(paths.person(direct.id))}
              />
            </>
          )
        }
      />
      <ConnectionNotice connection={snapshot.connection} />
      {running == null ? null : (
        <RunningCallCard call={running} onJoin={onStartCall && (() => onStartCall(running.kind))} />
      )}
      {messages !== null ? (
        <MessageList
          messages={messages}
          beginning={
            direct === null ? t('channel.start', { name }) : t('channel.startDirect', { name: direct.displayName })
          }
          hasOlder={snapshot.hasOlder}
          loadingOlder={snapshot.loadingOlder}
          now={snapshot.now}
          onNavigate={onNavigate}
          {...(props.onLoadOlder === undefined ? {} : { onLoadOlder: props.onLoadOlder })}
          {...(props.onResend === undefined ? {} : { onResend: props.onResend })}
          {...(props.onCallBack === undefined ? {} : { onCallBack: props.onCallBack })}
        />
      ) : error !== null ? (
        <ErrorState text={errorText(error)} onRetry={props.onRetry} />
      ) : (
        <LoadingState />
      )}
      <Composer
        placeholder={
          direct === null
            ? t('channel.placeholder', { name })
            : t('channel.placeholderDirect', { name: direct.displayName })
        }
        onSend={onSend}
      />
    </KeyboardAvoidingView>
  );
}

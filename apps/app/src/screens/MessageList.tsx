import { useLayoutEffect, useRef } from 'react';
import { type NativeScrollEvent, type NativeSyntheticEvent, ScrollView, View, type ViewStyle } from 'react-native';
import { useColors } from '../theme/ThemeProvider';
import { space } from '../theme/tokens';
import { useWide } from '../theme/useWide';
import { Avatar } from '../ui/Avatar';
import { Button } from '../ui/Button';
import { LinkedText } from '../ui/LinkedText';
import { EmptyState } from '../ui/States';
import { Text } from '../ui/Text';
import { webProps } from '../ui/web';
import { dayName, sameDay, timeOfDay } from '../words/format';
import { useWords } from '../words/words';
import { CallMessage } from './CallMessage';
import { InviteMessage } from './InviteMessage';
import type { MessageItem, PastCall } from './snapshots';

export interface MessageListProps {
  readonly messages: readonly MessageItem[];
  readonly beginning: string;
  readonly hasOlder: boolean;
  readonly loadingOlder: boolean;
  readonly now: number;
  readonly onLoadOlder?: () => void;
  readonly onResend?: (messageId: string) => void;
  readonly onCallBack?: (call: PastCall) => void;
  readonly onNavigate?: ((path: string) => void) | undefined;
}

/** Messages of one person within this time stand under one name. */
const TOGETHER_MS = 5 * 60_000;
/** So near to the end one still counts as reading along. */
const NEAR_END = 80;

export function MessageList(props: MessageListProps) {
  const { messages, beginning, hasOlder, loadingOlder, now, onLoadOlder, onResend, onCallBack, onNavigate } = props;
  const t = useWords();
  const wide = useWide();
  const { scroll, onScroll, onSize } = useChatScroll(messages);

  if (messages.length === 0)
    return <EmptyState icon="message" title={t('channel.empty')} text={t('channel.emptyText')} />;
  return (
    <ScrollView
      ref={scroll}
      onScroll={onScroll}
      scrollEventThrottle={32}
      onContentSizeChange={onSize}
      keyboardShouldPersistTaps="handled"
      // Messages are nothing to tab to, and not every browser lets a keyboard scroll what holds nothing of that kind.
      {...webProps({ tabIndex: 0 })}
      style={[{ flex: 1 }, webProps({ outlineOffset: -2 }) as ViewStyle]}
      contentContainerStyle={{
        flexGrow: 1,
        justifyContent: 'flex-end',
        paddingHorizontal: wide ? space(6) : space(4),
        paddingVertical: space(3),
      }}
    >
      {hasOlder ? (
        <Button kind="quiet" compact busy={loadingOlder} label={t('channel.loadOlder')} onPress={onLoadOlder} />
      ) : (
        <Text variant="small" tone="quiet" align="center" style={{ paddingVertical: space(4) }}>
          {beginning}
        </Text>
      )}
      <View role="log" aria-label={t('channel.messages')}>
        {messages.map((message, index) => {
          const before = messages[index - 1];
          const newDay = before === undefined || !sameDay(before.at, message.at);
          const follows =
            !newDay &&
            before.call === undefined &&
            before.invite === undefined &&
            before.author.id === message.author.id &&
            message.at - before.at < TOGETHER_MS;
          return (
            <View key={message.id}>
              {newDay ? <DaySeparator text={dayName(message.at, now)} /> : null}
              {message.call !== undefined ? (
                <CallMessage
                  call={message.call}
                  at={message.at}
                  {...(onCallBack === undefined ? {} : { onCallBack })}
                />
              ) : message.invite !== undefined ? (
                <InviteMessage author={message.author} at={message.at} path={message.invite} onNavigate={onNavigate} />
              ) : (
                <Message message={message} follows={follows} {...(onResend === undefined ? {} : { onResend })} />
              )}
            </View>
          );
        })}
      </View>
    </ScrollView>
  );
}

/** Stays at the end while one reads there, and keeps the place when older messages come in above. */
function useChatScroll(messages: readonly MessageItem[]) {
  const scroll = useRef<ScrollView>(null);
  const place = useRef({ offset: 0, height: 0, atEnd: true });
  const firstId = messages[0]?.id;
  const lastId = messages[messages.length - 1]?.id;
  const grewAbove = useRef(false);
  const known = useRef({ firstId, lastId });

  useLayoutEffect(() => {
    grewAbove.current = known.current.firstId !== firstId && known.current.lastId === lastId;
    known.current = { firstId, lastId };
  }, [firstId, lastId]);

  const onScroll = ({ nativeEvent }: NativeSyntheticEvent<NativeScrollEvent>) => {
    const { contentOffset, contentSize, layoutMeasurement } = nativeEvent;
    place.current.offset = contentOffset.y;
    place.current.atEnd = contentSize.height - layoutMeasurement.height - contentOffset.y < NEAR_END;
  };
  const onSize = (_: number, height: number) => {
    const grown = height - place.current.height;
    place.current.height = height;
    if (grewAbove.current && !place.current.atEnd)
      scroll.current?.scrollTo({ y: place.current.offset + grown, animated: false });
    else if (place.current.atEnd) scroll.current?.scrollToEnd({ animated: false });
    grewAbove.current = false;
  };
  return { scroll, onScroll, onSize };
}

function DaySeparator({ text }: { readonly text: string }) {
  const colors = useColors();
  const line = <View style={{ flex: 1, height: 1, backgroundColor: colors.line }} />;
  return (
    <View
      style={{
        flexDirection: 'row',
        alignItems: 'center',
        gap: space(3),
        paddingTop: space(4),
        paddingBottom: space(1),
      }}
    >
      {line}
      <Text variant="tiny" weight="medium" tone="quiet" heading={2}>
        {text}
      </Text>
      {line}
    </View>
  );
}

interface MessageProps {
  readonly message: MessageItem;
  readonly follows: boolean;
  readonly onResend?: (messageId: string) => void;
}

function Message({ message, follows, onResend }: MessageProps) {
  const t = useWords();
  const { author, state } = message;
  return (
    <View style={{ flexDirection: 'row', gap: space(3), paddingTop: follows ? space(0.5) : space(3.5) }}>
      <View style={{ width: 40 }}>{follows ? null : <Avatar id={author.id} displayName={author.displayName} />}</View>
      <View style={{ flex: 1 }}>
        {follows ? null : (
          <View style={{ flexDirection: 'row', alignItems: 'baseline', gap: space(2) }}>
            <Text weight="semibold" numberOfLines={1} style={{ flexShrink: 1 }}>
              {author.displayName}
            </Text>
            <Text variant="tiny" tone="quiet" figures>
              {timeOfDay(message.at)}
            </Text>
          </View>
        )}
        <LinkedText
          selectable
          text={message.text}
          // Paler until it is there, and no paler than can be read.
          tone={state === 'sending' ? 'quiet' : 'ink'}
          style={{ overflowWrap: 'anywhere' } as object}
        />
        {state === 'failed' ? (
          <View style={{ flexDirection: 'row', alignItems: 'center', gap: space(2) }}>
            <Text variant="small" tone="stopInk" role="alert">
              {t('channel.failed')}
            </Text>
            {onResend === undefined ? null : (
              <Button kind="quiet" compact label={t('channel.retry')} onPress={() => onResend(message.id)} />
            )}
          </View>
        ) : null}
      </View>
    </View>
  );
}

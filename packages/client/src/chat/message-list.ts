import type { Message } from '@parley/protocol';
import type { ChatMessage, MessageList } from '../model.ts';

export const NO_MESSAGES: MessageList = { items: [], hasOlder: true, loading: false };

/** What has arrived, by whatever way, once and in order; what is still being sent stays at the end. */
export function merge(list: MessageList, arrived: readonly Message[]): MessageList {
  const byId = new Map(list.items.filter((item) => item.state === 'sent').map((item) => [item.id, item]));
  for (const message of arrived) byId.set(message.id, { ...message, state: 'sent' });
  const sent = [...byId.values()].sort((a, b) => a.createdAt.localeCompare(b.createdAt) || a.id.localeCompare(b.id));
  return { ...list, items: [...sent, ...list.items.filter((item) => item.state !== 'sent')] };
}

export const withPending = (list: MessageList, pending: ChatMessage): MessageList => ({
  ...list,
  items: [...list.items.filter(({ id }) => id !== pending.id), pending],
});

export const withoutPending = (list: MessageList, id: string): MessageList => ({
  ...list,
  items: list.items.filter((item) => item.id !== id || item.state === 'sent'),
});

/** The socket may bring one's own message before the answer to the request does. */
export function settlePending(list: MessageList, message: Message): MessageList {
  const twin = list.items.find(
    (item) =>
      message.type === 'text' &&
      item.state === 'sending' &&
      item.author.id === message.author.id &&
      item.content === message.content,
  );
  return merge(twin ? withoutPending(list, twin.id) : list, [message]);
}

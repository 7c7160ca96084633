import type { Message } from '@parley/protocol';
import type { ChatMessage, MessageList } from '../model.ts';

export const NO_MESSAGES: MessageList = { items: [], hasOlder: true, loading: false };

/**
 * What has arrived, by whatever way, once and in order; what is still being sent stays at the end. A message is known by its id:
 * the server takes that of the pending one over, so that of two with the same words each is settled by its own.
 */
export function merge(list: MessageList, arrived: readonly Message[]): MessageList {
  const byId = new Map(list.items.filter((item) => item.state === 'sent').map((item) => [item.id, item]));
  for (const message of arrived) byId.set(message.id, { ...message, state: 'sent' });
  const sent = [...byId.values()].sort((a, b) => a.createdAt.localeCompare(b.createdAt) || a.id.localeCompare(b.id));
  return { ...list, items: [...sent, ...list.items.filter((item) => !byId.has(item.id))] };
}

/** Of a message that has arrived nothing is pending: only the answer to it was lost. */
export function withPending(list: MessageList, pending: ChatMessage): MessageList {
  if (list.items.some(({ id, state }) => id === pending.id && state === 'sent')) return list;
  return { ...list, items: [...list.items.filter(({ id }) => id !== pending.id), pending] };
}

import type { ChannelSnapshot } from '../screens/Channel';
import type { CallHistoryItem, MessageItem, SidebarSnapshot } from '../screens/snapshots';
import { ada, barbara, dennis, everybody, grace, ken, linus, margaret } from './people';

const day = 86_400_000;
/** A fixed afternoon, so that two runs of the gallery show the same. */
export const NOW = new Date(2026, 10, 22, 14, 5).getTime();
const today = (hour: number, minute: number) => new Date(2026, 10, 22, hour, minute).getTime();

export const sidebar = (current: string, unreadCalls = 2): SidebarSnapshot => ({
  team: { id: 'acme', name: 'Acme' },
  me: ada,
  channels: [
    { id: 'general', name: 'general' },
    { id: 'design', name: 'design', inCall: 3 },
  ],
  people: everybody.slice(1),
  unreadCalls,
  current,
});

const messages: readonly MessageItem[] = [
  { id: 'm1', author: margaret, text: 'The review moved to Thursday.', at: today(16, 20) - day },
  { id: 'm2', author: ada, text: 'Thanks, I will bring the drawings.', at: today(16, 24) - day },
  {
    id: 'm3',
    author: grace,
    text: 'The compiler notes are up. Can we look at them together before lunch?',
    at: today(9, 12),
  },
  { id: 'm4', author: ken, text: 'Yes. I am free now.', at: today(9, 14) },
  {
    id: 'm5',
    author: ken,
    text: 'Half an hour should do: section 3 is the only part that changed since last week.',
    at: today(9, 15),
  },
  { id: 'm6', author: linus, text: 'On my way.', at: today(9, 31) },
];

export const manyMessages: readonly MessageItem[] = Array.from({ length: 40 }, (_, i) => ({
  id: `n${i}`,
  author: everybody[(i * 5) % everybody.length] ?? ada,
  text: i % 7 === 0 ? 'A longer one, to see how lines break: '.repeat(5) : `Message number ${i + 1}.`,
  at: today(8, 0) + i * 4 * 60_000,
}));

export const channel = (change: Partial<ChannelSnapshot> = {}): ChannelSnapshot => ({
  name: 'general',
  direct: null,
  messages,
  hasOlder: false,
  loadingOlder: false,
  error: null,
  connection: 'online',
  now: NOW,
  ...change,
});

export const calls: readonly CallHistoryItem[] = [
  {
    id: 'c1',
    kind: 'video',
    direction: 'incoming',
    heading: 'call_missed',
    with: grace,
    at: today(9, 2),
    durationSeconds: null,
    unread: true,
  },
  {
    id: 'c2',
    kind: 'audio',
    direction: 'incoming',
    heading: 'call_missed',
    with: dennis,
    at: today(8, 40),
    durationSeconds: null,
    unread: true,
  },
  {
    id: 'c3',
    kind: 'video',
    direction: 'outgoing',
    heading: 'call_ended',
    with: grace,
    at: today(16, 40) - day,
    durationSeconds: 1572,
  },
  {
    id: 'c4',
    kind: 'audio',
    direction: 'outgoing',
    heading: 'no_answer',
    with: barbara,
    at: today(10, 5) - 2 * day,
    durationSeconds: null,
  },
  {
    id: 'c5',
    kind: 'audio',
    direction: 'incoming',
    heading: 'call_declined',
    declinedBy: 'self',
    with: ken,
    at: today(12, 0) - 3 * day,
    durationSeconds: null,
  },
  {
    id: 'c7',
    kind: 'audio',
    direction: 'outgoing',
    heading: 'on_another_call',
    with: margaret,
    at: today(11, 41) - 3 * day,
    durationSeconds: null,
  },
  {
    id: 'c6',
    kind: 'audio',
    direction: 'incoming',
    heading: 'call_ended',
    with: grace,
    at: today(11, 20) - 6 * day,
    durationSeconds: 240,
  },
];

/** A direct chat with a call of each end, as Ada sees it. */
export const messagesWithCalls: readonly MessageItem[] = [
  { id: 'd1', author: grace, text: 'Are you there?', at: today(8, 58) },
  ...(
    [
      ['call_ended', 'outgoing', 'video', 1572],
      ['call_ended', 'incoming', 'audio', 44],
      ['call_missed', 'incoming', 'video', null],
      ['no_answer', 'outgoing', 'audio', null],
      ['call_declined', 'outgoing', 'audio', null],
      ['on_another_call', 'outgoing', 'video', null],
      ['call_ended', 'outgoing', 'audio', null],
    ] as const
  ).map(([heading, direction, kind, durationSeconds], index): MessageItem => {
    const id = `p${index}`;
    const cancelled = heading === 'call_ended' && durationSeconds === null;
    return {
      id,
      author: direction === 'incoming' ? grace : ada,
      text: '',
      at: today(9, 2 + index * 11),
      call: {
        id,
        kind,
        direction,
        heading,
        durationSeconds,
        ...(cancelled ? { cancelled } : {}),
        ...(heading === 'call_declined' ? { declinedBy: { name: grace.displayName } } : {}),
      },
    };
  }),
  { id: 'd2', author: ada, text: 'I have ten minutes now, shall we?', at: today(13, 58) },
];

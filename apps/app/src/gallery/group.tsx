import type { ReactNode } from 'react';
import { GroupCall, type GroupCallProps } from '../screens/group/GroupCall';
import { JoinByLink } from '../screens/group/JoinByLink';
import { Lobby } from '../screens/group/Lobby';
import type {
  GroupCallSnapshot,
  JoinByLinkSnapshot,
  ListedPerson,
  PersonInGroup,
  Roster,
  SelfInGroup,
} from '../screens/group/snapshots';
import type { MessageItem } from '../screens/snapshots';
import { NOW } from './chat';
import { devicesPanel } from './devices';
import { other, self } from './onStage';
import { barbara, dennis, everybody, grace, ken, linus, margaret } from './people';
import { pictureOf, screenOf } from './pictures';

const nothing = () => undefined;
const landscape = () => globalThis.innerWidth >= 768;

const inGroup = (person: { id: string; displayName: string }, change: Partial<PersonInGroup> = {}): PersonInGroup => ({
  ...other({ id: person.id, displayName: person.displayName, stream: pictureOf(person.id, landscape()) }),
  screen: null,
  hand: null,
  isHost: false,
  isGuest: false,
  ...change,
});
const faceless = { stream: null, videoEnabled: false } as const;

const selfInGroup = (change: Partial<SelfInGroup> = {}): SelfInGroup => ({
  ...self(),
  screen: null,
  hand: null,
  isHost: true,
  canShare: true,
  ...change,
});

const six = (): readonly PersonInGroup[] => [
  inGroup(grace, { speaking: true }),
  inGroup(ken, { isMuted: true }),
  inGroup(margaret),
  inGroup(linus, { ...faceless, isMuted: true }),
  inGroup(barbara, { hand: 1 }),
];

/** Made up: the demo team is too small. */
const crowd = (count: number): readonly PersonInGroup[] =>
  Array.from({ length: count }, (_, index) => {
    const person = everybody[(index + 1) % everybody.length] ?? grace;
    const one = { id: `${person.id}-${index}`, displayName: person.displayName };
    return inGroup(one, { ...faceless, isMuted: index % 3 === 1, speaking: index === 0 });
  });

const listed = (count: number): readonly ListedPerson[] =>
  Array.from({ length: count }, (_, index) => {
    const { id, displayName } = everybody[(index + 1) % everybody.length] ?? grace;
    const rest = { isMuted: true, hand: null, isHost: false, isGuest: index % 9 === 4, isRung: false };
    return { id: `${id}-${index}`, displayName, ...rest };
  });

const messages: readonly MessageItem[] = [
  { id: 'g1', author: grace, text: 'The slides are in the channel.', at: NOW - 240_000 },
  { id: 'g2', author: ken, text: 'I can’t hear Linus, can you?', at: NOW - 120_000 },
  { id: 'g3', author: linus, text: 'Muted. Typing is faster anyway.', at: NOW - 60_000 },
];

const group = (change: Partial<GroupCallSnapshot> = {}, props: Partial<GroupCallProps> = {}) => (
  <GroupCall
    snapshot={{
      kind: 'video',
      title: '# general',
      connectedAt: Date.now() - 1_572_000,
      reconnecting: false,
      protection: 'to_server',
      quality: 'good',
      videoHeld: false,
      notices: [],
      count: (change.others ?? six()).length + 1,
      others: six(),
      self: selfInGroup(),
      speakers: [],
      ringing: [],
      locked: false,
      dataSaver: false,
      knocks: [],
      messages,
      unread: 0,
      reactions: [],
      ...change,
    }}
    onToggleMicrophone={nothing}
    onToggleCamera={nothing}
    onShare={nothing}
    onHand={nothing}
    onReact={nothing}
    onSend={nothing}
    onDataSaver={nothing}
    devices={devicesPanel()}
    onMinimise={nothing}
    onLeave={nothing}
    onMute={nothing}
    onRemove={nothing}
    onLock={nothing}
    onEndForAll={nothing}
    onAdmit={nothing}
    link={{ linkState: 'copied', onCopyLink: nothing, onRevokeLink: nothing }}
    addable={{ people: [barbara, dennis], onAdd: nothing }}
    {...props}
  />
);

/** Of a thousand, of whom the stage has some. */
const large = (roster: Partial<Roster>) =>
  group(
    { count: 1000, others: crowd(49) },
    {
      opened: 'people',
      roster: {
        people: null,
        hasMore: true,
        loading: false,
        error: null,
        connection: 'online',
        search: '',
        onLook: nothing,
        onSearch: nothing,
        onMore: nothing,
        onRetry: nothing,
        ...roster,
      },
    },
  );

const lobby = { title: '# design', kind: 'video', inside: [grace, ken], self: self(), busy: false } as const;
const lobbyControls = {
  onToggleMicrophone: nothing,
  onToggleCamera: nothing,
  devices: devicesPanel(),
  onBack: nothing,
};

const byLink = (change: Partial<JoinByLinkSnapshot>) => (
  <JoinByLink
    snapshot={{ ...lobby, title: 'Acme · # design', guestName: null, state: 'open', ...change }}
    {...lobbyControls}
    onJoin={nothing}
    onAsk={nothing}
  />
);

/** Group calls in every state. */
export const groupEntries: Readonly<Record<string, () => ReactNode>> = {
  'group-1': () => group({ others: [] }),
  'group-2': () => group({ others: six().slice(0, 1) }),
  'group-3': () => group({ others: six().slice(0, 2), ringing: [margaret] }),
  'group-4': () => group({ others: six().slice(0, 3) }),
  'group-6': () => group(),
  'group-8': () =>
    group({ others: [...six(), inGroup(dennis), inGroup({ id: 'radia-6', displayName: 'Radia Perlman' })] }),
  'group-12': () => group({ kind: 'audio', others: crowd(11) }),
  'group-40': () => group({ others: crowd(39) }),
  'group-screen': () =>
    group({ others: six().map((one) => (one.id === ken.id ? { ...one, screen: screenOf(ken.id) } : one)) }),
  'group-sharing': () => group({ self: selfInGroup({ screen: screenOf('me') }) }),
  'group-lost': () =>
    group({
      reconnecting: true,
      quality: 'weak',
      others: six().map((one, at) => (at === 2 ? { ...one, away: true } : one)),
    }),
  'group-muted': () => group({ self: selfInGroup({ isMuted: true, videoEnabled: false, stream: null, hand: 2 }) }),
  'group-reaction': () => group({ reactions: [{ id: 'r', userId: grace.id, emoji: '🎉' }] }, { opened: 'reactions' }),
  'group-knock': () => group({ knocks: [{ id: 'k', name: 'Alan' }] }),
  'group-people': () => group({ knocks: [{ id: 'k', name: 'Alan' }], ringing: [dennis] }, { opened: 'people' }),
  'group-large': () => large({ people: listed(1000) }),
  'group-large-loading': () => large({ people: null, loading: true }),
  'group-large-failed': () => large({ people: null, error: 'network' }),
  'group-large-nobody': () => large({ people: [], search: 'Zoe', hasMore: false }),
  'group-locked': () => group({ locked: true }, { opened: 'people' }),
  'group-chat': () => group({}, { opened: 'chat' }),
  'group-unread': () => group({ unread: 3 }),
  'group-add': () => group({}, { opened: 'add' }),
  'group-more': () => group({}, { opened: 'more' }),
  'group-end-question': () => group({}, { opened: 'end' }),
  'group-options': () => group({}, { opened: { options: { source: 'camera', userId: grace.id } } }),
  lobby: () => <Lobby snapshot={lobby} {...lobbyControls} onJoin={nothing} />,
  'lobby-locked': () => <Lobby snapshot={{ ...lobby, locked: true }} {...lobbyControls} onJoin={nothing} />,
  'lobby-empty': () => (
    <Lobby
      snapshot={{ ...lobby, inside: [], self: self({ videoEnabled: false, stream: null, isMuted: true }) }}
      {...lobbyControls}
      onJoin={nothing}
    />
  ),
  'join-member': () => byLink({}),
  'join-guest': () => byLink({ guestName: '' }),
  'join-asking': () => byLink({ guestName: 'Alan', state: 'asking' }),
  'join-refused': () => byLink({ guestName: 'Alan', state: 'refused' }),
  'lobby-ring': () => (
    <Lobby
      snapshot={{ ...lobby, inside: [] }}
      {...lobbyControls}
      onJoin={nothing}
      ring={{ people: [barbara, dennis], chosen: [barbara.id], onChoose: nothing }}
    />
  ),
  'join-locked': () => byLink({ guestName: 'Alan', state: 'locked', inside: [], count: 4 }),
  'join-expired': () => byLink({ guestName: '', state: 'expired', inside: [] }),
};

import type { MediaStreamLike } from '@parley/client';
import type { Connection } from '../../ui/States';
import type {
  ActiveCallSnapshot,
  CallKind,
  ErrorCode,
  MessageItem,
  Person,
  PersonOnStage,
  SelfOnStage,
} from '../snapshots';

/** What the screens of group calls draw. */

export interface PersonInGroup extends PersonOnStage {
  /** What they share; null: nothing. */
  readonly screen: MediaStreamLike | null;
  /** Place in the queue of raised hands, from 1; null: not raised. */
  readonly hand: number | null;
  readonly isHost: boolean;
  readonly isGuest: boolean;
}

export interface SelfInGroup extends SelfOnStage {
  readonly screen: MediaStreamLike | null;
  readonly hand: number | null;
  readonly isHost: boolean;
  /** The platform cannot share a screen: the control is not there. */
  readonly canShare: boolean;
}

/** Somebody in the list of a call's people. */
export interface ListedPerson extends Person {
  readonly isMuted: boolean;
  readonly hand: number | null;
  readonly isHost: boolean;
  readonly isGuest: boolean;
  /** It rings for them, or they may come in. */
  readonly isRung: boolean;
}

/** Everybody of a call of many, whom its view does not have: read as far as somebody looks. */
export interface Roster {
  /** Null before the first page. */
  readonly people: readonly ListedPerson[] | null;
  readonly hasMore: boolean;
  readonly loading: boolean;
  readonly error: ErrorCode | null;
  readonly connection: Connection;
  /** Part of a name. */
  readonly search: string;
  readonly onLook: (looking: boolean) => void;
  readonly onSearch: (name: string) => void;
  readonly onMore: () => void;
  readonly onRetry: () => void;
}

export interface Knock {
  readonly id: string;
  readonly name: string;
}

export interface Reaction {
  readonly id: string;
  readonly userId: string;
  readonly emoji: string;
}

export interface GroupCallSnapshot
  extends Pick<
    ActiveCallSnapshot,
    'kind' | 'title' | 'connectedAt' | 'reconnecting' | 'protection' | 'quality' | 'videoHeld' | 'notices'
  > {
  /** How many are in the call; more than are drawn, where it is a call of many. */
  readonly count: number;
  /** In the order in which they joined. */
  readonly others: readonly PersonInGroup[];
  readonly self: SelfInGroup;
  /** Those of the others who speak, the loudest first. */
  readonly speakers: readonly string[];
  /** People who are rung and have not answered. */
  readonly ringing: readonly Person[];
  readonly locked: boolean;
  /** Audio only, no pictures of the others. */
  readonly dataSaver: boolean;
  readonly knocks: readonly Knock[];
  readonly messages: readonly MessageItem[];
  readonly unread: number;
  readonly reactions: readonly Reaction[];
}

/** Before one goes in. */
export interface LobbySnapshot {
  readonly title: string;
  readonly kind: CallKind;
  /** Who is there already. */
  readonly inside: readonly Person[];
  /** How many, where they are not named. */
  readonly count?: number;
  readonly self: SelfOnStage;
  readonly busy: boolean;
  /** Nobody new is let in: it is said before one tries. */
  readonly locked?: boolean;
}

export type GuestState = 'open' | 'asking' | 'refused' | 'removed' | 'expired' | 'full' | 'locked' | 'ended' | 'failed';

export interface JoinByLinkSnapshot extends LobbySnapshot {
  /** Null: a member, who goes in by their own name. */
  readonly guestName: string | null;
  readonly state: GuestState;
}

import type {
  Call,
  CallCommandName,
  CallEventRecord,
  CallMetrics,
  CallView,
  ChannelCall,
  CreateCall,
  HistoryFilter,
  MediaCredentials,
  Notification,
  Participant,
  PeopleQuery,
  Rating,
  Ring,
  User,
} from '@parley/protocol';
import type { CallLimits } from '../ports/call-limits.ts';
import type { ServerClock } from '../ports/clock.ts';
import type { Database, Sql } from '../ports/database.ts';
import type { Logger } from '../ports/logger.ts';
import type { MediaServer } from '../ports/media-server.ts';
import type { Publisher } from '../ports/publisher.ts';
import type { Settings } from '../ports/settings.ts';
import type { CreateOutcome } from '../store/create-call.ts';
import type { MediaEffects } from './media-effects.ts';
import type { CallCommand } from './parse-command.ts';

export interface CallDeps {
  readonly db: Database;
  readonly publisher: Publisher;
  readonly settings: Settings;
  readonly clock: ServerClock;
  readonly log: Logger;
  readonly limits: CallLimits;
  /** Null, or left out, where there is none: groups of up to four are a mesh. */
  readonly media?: MediaServer | null;
  /** What tells it of commits; null, or left out, with it. */
  readonly mediaEffects?: MediaEffects | null;
  /** Counts and times for metrics. */
  readonly observer?: CallObserver;
}

export interface CallObserver {
  /** `outcome` is `ok`, `unchanged`, `repeated` or an error code; time in milliseconds. */
  command(name: 'create' | CallCommandName, outcome: string, ms: number): void;
  finished(status: string, reason: string | null): void;
  /** A device has closed its figures of a call. */
  measured(metrics: CallMetrics): void;
  rated(rating: Rating): void;
}

/** Who does something, and through what. */
export interface Actor {
  readonly userId: string;
  readonly isAnonymous: boolean;
  /** Null where the request named no device. */
  readonly deviceId: string | null;
  /** Null where the request named no instance: the device then counts as one. */
  readonly instanceId: string | null;
}

export interface CommandResult {
  /** 201 for a call that was made; 200 otherwise. */
  readonly status: 200 | 201;
  readonly view: CallView;
}

/** Runs the statement that makes a call, in a transaction that may know a call already. */
export type MakeWithin = (make: (sql: Sql) => Promise<CreateOutcome>) => Promise<CreateOutcome>;

export interface Page<T> {
  readonly items: readonly T[];
  readonly nextCursor: string | null;
}

export interface HistoryRequest {
  /** Null for all of the person's teams. */
  readonly teamId: string | null;
  /** Null for all calls. */
  readonly only: HistoryFilter | null;
  /** Calls of two with that person; null: with anybody. */
  readonly with: string | null;
  readonly cursor: string | null;
}

export interface WelcomeRequest {
  readonly actor: Actor;
  /** Null for whoever has no session here. */
  readonly sessionId: string | null;
  /** What the socket knew: calls by their version, and the number of the newest entry of the inbox. */
  readonly resume: { readonly calls: Readonly<Record<string, number>>; readonly inbox: number } | null;
}

/** What a socket needs to begin with. */
export interface Snapshot {
  readonly user: User;
  readonly teamIds: readonly string[];
  readonly calls: readonly CallView[];
  readonly ended: readonly CallView[];
  readonly rings: readonly Ring[];
  readonly inbox: { readonly seq: number; readonly items: readonly Notification[] };
  /** RFC 3339, or null. */
  readonly doNotDisturbUntil: string | null;
}

export interface Renewal {
  readonly userId: string;
  readonly instanceId: string;
  /** How long ago the sign of life was, in milliseconds. */
  readonly ageMs: number;
}

/** Everything that can be done with calls; REST routes and the socket's commands are two doors to the same. */
export interface CallUseCases {
  /** `key`: the idempotency key. @throws EdgeError */
  create(actor: Actor, key: string, body: CreateCall, within?: MakeWithin): Promise<CommandResult>;
  /** @throws EdgeError with the refusal's code; `not_found` for outsiders */
  command(actor: Actor, key: string, callId: string, command: CallCommand): Promise<CommandResult>;

  /** @throws EdgeError `not_found` for whoever may not see it */
  get(actor: Actor, callId: string): Promise<CallView>;
  /** The call that runs in a channel; null where none does. @throws EdgeError `not_found` for whoever may not see the channel */
  channelCall(actor: Actor, channelId: string): Promise<ChannelCall | null>;
  /** Of one team, or of all of the person's. @throws EdgeError `not_found` for whoever is not in the team */
  list(actor: Actor, wanted: HistoryRequest): Promise<Page<Call>>;
  /** Everybody of a call, or whom `wanted` fits, in its order, page by page. @throws EdgeError `not_found` */
  participants(actor: Actor, callId: string, wanted: PeopleQuery): Promise<Page<Participant>>;
  /** In the order of their sequence numbers, those after `after`. */
  events(actor: Actor, callId: string, after: number): Promise<readonly CallEventRecord[]>;
  mediaToken(actor: Actor, callId: string): Promise<MediaCredentials>;
  /** What one device measured, or its person thought. @throws EdgeError `not_found`, `call_ended`, `rate_limited` */
  measure(actor: Actor, callId: string, metrics: CallMetrics): Promise<void>;
  notifications(actor: Actor, cursor: string | null): Promise<Page<Notification>>;
  /** Ids that are not the person's own are passed over. All of the person's devices are told. */
  markRead(actor: Actor, ids: readonly string[]): Promise<void>;

  /** A sign of life: upserts device and instance with a fresh lease. */
  touch(actor: Actor): Promise<void>;
  /** The same for any request of a device; written down at most three times in a lease. */
  seen(actor: Actor): Promise<void>;
  renewLeases(renewals: readonly Renewal[]): Promise<void>;
  /**
   * For a socket's `welcome`: a sign of life, the device's missing ring rows, and what is to be told. Looks again whether the person
   * and the session are still there. @throws EdgeError `token_invalid` for whoever is gone
   */
  welcome(request: WelcomeRequest): Promise<Snapshot>;
  /** The device of this ring is ready. @throws EdgeError `ring_unknown` */
  ready(actor: Actor, callId: string, ringId: string): Promise<void>;
  /**
   * Ends the person's part in the live calls of a team that they are no longer in, within the transaction that ends the
   * membership. Returns what publishes it, for after the commit.
   */
  leaveTeamCalls(sql: Sql, teamId: string, userId: string): Promise<() => void>;
  /** The live call as the server sees it, for the relay; null when there is none. */
  liveView(callId: string): Promise<CallView | null>;
  /**
   * Says that this server lives. After a gap in which no server did, every lease that held when it began gets a whole new
   * term: time in which nobody could take a heartbeat counts against nobody.
   */
  beat(): Promise<void>;
  /** Clears away old keys, instances and devices, a bounded number at a time. Returns how many rows went. */
  tidy(): Promise<number>;
  /** Applies what is due to these calls, or to a batch of all calls. Returns how many calls changed. */
  settle(callIds?: readonly string[]): Promise<number>;
  /** Makes what rings for these people, or (null) for anybody, ring as it should: quietly for whoever is in another call. */
  attune(userIds: readonly string[] | null): Promise<number>;
}

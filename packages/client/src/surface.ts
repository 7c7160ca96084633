import type { CallType, UserId } from '@parley/domain';
import type {
  Call,
  HistoryQuery,
  OtherCalls,
  Participant,
  PeopleQuery,
  Rating,
  RatingReason,
  User,
} from '@parley/protocol';
import type { Page } from './api/parley-api.ts';
import type { GroupActions } from './calls/group-desk.ts';
import type { Chat } from './chat/chat-store.ts';
import type { CallLinks } from './links/call-links.ts';
import type { DeviceDesk } from './media/device-desk.ts';
import type { PictureWish } from './media/video-demand.ts';
import type { CallSummary, ClientSnapshot, PermissionProblem } from './model.ts';
import type { CapturePermission, CaptureSource } from './ports/capture.ts';
import type { Account } from './session/account.ts';

/** What one sees of the others in a group, and shows of oneself. */
export interface StageActions {
  /** Which pictures of a call are looked at, and how sharp: what is not named need not be sent. */
  look(callId: string, wanted: readonly PictureWish[]): void;
  /** Sound alone, for as long as this call lasts. */
  setDataSaver(on: boolean): void;
  /** Asks what is to be shared. */
  share(): void;
  stopSharing(): void;
}

/** How one goes into a group, as it was chosen before. */
export interface GroupEntry {
  readonly teamId: string;
  readonly channelId: string | null;
  readonly kind: 'audio' | 'video';
  readonly muted: boolean;
  readonly camera: boolean;
}

export interface GroupStart extends GroupEntry {
  /** Who is rung. */
  readonly people: readonly UserId[];
}

export interface AcceptOptions {
  readonly audioOnly?: boolean;
  readonly others?: OtherCalls;
}

/** The headless client: one for each running app. Screens draw its snapshots and call its methods. */
export interface ParleyClient {
  /** The same object until something has changed. */
  snapshot(): ClientSnapshot;
  subscribe(listener: () => void): () => void;
  /**
   * For so long at most, in milliseconds, whoever draws may leave what has changed undrawn; 0: not at all. A device is not open yet for a
   * call that was accepted here, or there is no sound yet in the group into which somebody goes: that is more urgent.
   */
  readonly holdMs: number;
  readonly chat: Chat;
  readonly account: Account;
  readonly devices: DeviceDesk;
  /** What one does in a group. */
  readonly group: GroupActions;
  /** What one sees and shows in it. */
  readonly stage: StageActions;
  readonly links: CallLinks;

  /** @throws ApiError: `credentials_invalid`, `rate_limited`, `network` … */
  signIn(input: { email: string; password: string }): Promise<User>;
  /** @throws ApiError: `email_taken` … */
  signUp(input: { email: string; password: string; displayName: string }): Promise<User>;
  signOut(): Promise<void>;

  /** What the platform would do: `prompt` means that it would ask. */
  permission(source: CaptureSource): Promise<CapturePermission>;
  /** Asks ahead of a call; the answer is what is missing. What was opened waits for the call, at most a minute. */
  requestPermissions(sources: readonly CaptureSource[]): Promise<readonly PermissionProblem[]>;
  /** What `permission` would answer may have changed, by the platform's settings or a device that was plugged in. */
  onPermission(sources: readonly CaptureSource[], listener: () => void): () => void;
  /** There will be no call: what was opened ahead of it is closed at once. Does nothing during a call. */
  releasePermissions(): void;

  /** The screen changes at once: `snapshot().active`. A failure comes as a notice. Does nothing while there is a call. */
  startCall(call: { teamId: string; channelId: string | null; callType: CallType; userId: UserId }): void;
  /**
   * Somebody is shown who may be called from there: what the call needs is got ready, without a device being opened or anybody
   * hearing of it. Does nothing while there is a call. @returns what was made is let go, unless a call was placed with it
   */
  prepareCall(): () => void;
  /** A call in a channel: rings those named, or nobody. As `startCall` otherwise. */
  startGroup(call: GroupStart): void;
  /** Into a call that goes on. The screen changes at once; does nothing while there is a call. */
  joinCall(callId: string, entry: GroupEntry): void;
  /** `others`: what becomes of the calls in which the person is already, on this device or another; by default they end. */
  accept(callId: string, options?: AcceptOptions): void;
  /** Comes back to a call that is on hold here; the active one is held in its place. */
  resume(callId: string): void;
  /** Goes on here with a call in which the person is on another device; the active one is held. */
  moveHere(callId: string): void;
  leaveHeld(callId: string): void;
  /** Gives up every call in which the person is, on whatever device. */
  endCalls(): void;
  decline(callId: string): void;
  /** Takes back the call that rings. The same as `leave`: which of the two it is, is decided when it arrives. */
  cancel(): void;
  leave(): void;
  setMuted(muted: boolean): void;
  /** Turned on while a weak connection holds it back (`videoHeld`), it stays on for the rest of the call. */
  setCamera(on: boolean): void;
  /** How the person found a call, for a while after it. Said again it takes the place of what was said. @throws ApiError */
  rate(callId: string, rating: Rating, reasons?: readonly RatingReason[]): Promise<void>;
  dismissSummary(callId: string): void;
  dismissNotice(id: string): void;

  /** Newest first. Without `teamId` of all teams, without `only` all calls. @throws ApiError */
  history(wanted: HistoryQuery): Promise<Page<Call>>;
  /** Everybody of a call, or whom `wanted` fits, in the order in which they came into it. @throws ApiError */
  callPeople(callId: string, wanted: PeopleQuery): Promise<Page<Participant>>;
  /** Summary of a call that has ended, for a page that is opened later; null while it lives. @throws ApiError */
  summary(callId: string): Promise<CallSummary | null>;
  /**
   * Clears the badge, on all devices: of these calls, or of all. Never throws: what the server could not be told it is told
   * after the next connection.
   */
  markCallsRead(callIds?: readonly string[]): Promise<void>;

  dispose(): void;
}

/** Values that the database, the wire and the code share. The order is the order of the Postgres enums. */
export const CALL_STATUSES = ['ringing', 'connecting', 'connected', 'ended', 'missed', 'rejected'] as const;
export type CallStatus = (typeof CALL_STATUSES)[number];

export const CALL_TYPES = ['audio', 'video', 'group_audio', 'group_video'] as const;
export type CallType = (typeof CALL_TYPES)[number];

export const PARTICIPANT_STATES = [
  'invited',
  'ringing',
  'connecting',
  'joined',
  'left',
  'declined',
  'missed',
  'busy',
] as const;
export type ParticipantStateName = (typeof PARTICIPANT_STATES)[number];

export const END_REASONS = [
  'hangup',
  'declined',
  'no_answer',
  'cancelled',
  'busy',
  'dropped',
  'media_failed',
  'ended_by_host',
] as const;
export type EndReason = (typeof END_REASONS)[number];

export const MEDIA_ENGINES = ['p2p', 'livekit', 'agora'] as const;
export type MediaEngineName = (typeof MEDIA_ENGINES)[number];

export const NOTIFICATION_TYPES = ['missed', 'rejected'] as const;
export type NotificationType = (typeof NOTIFICATION_TYPES)[number];

export const isGroupType = (type: CallType): boolean => type === 'group_audio' || type === 'group_video';
export const hasVideo = (type: CallType): boolean => type === 'video' || type === 'group_video';

export const isLiveStatus = (status: CallStatus): status is 'ringing' | 'connecting' | 'connected' =>
  status === 'ringing' || status === 'connecting' || status === 'connected';

/** Whoever called or accepted holds a seat. */
export const isSeatedState = (state: ParticipantStateName): state is 'connecting' | 'joined' =>
  state === 'connecting' || state === 'joined';

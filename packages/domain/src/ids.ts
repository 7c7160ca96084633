/** Ids are UUIDs in their lower-case text form; `domain` never makes one, it is handed them. */
export type CallId = string;
export type UserId = string;
export type TeamId = string;
export type ChannelId = string;
/** An installation: made by the client once and kept. */
export type DeviceId = string;
/** A running copy of an installation: a tab, a running app. */
export type InstanceId = string;

/** Milliseconds since the Unix epoch, by the server's clock. */
export type Instant = number;

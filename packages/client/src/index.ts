export { ApiError, type ApiErrorCode } from './api/api-error.ts';
export type { Page } from './api/parley-api.ts';
export { headingOf as callHeadingOf, summaryOf as callSummaryOf } from './calls/summary.ts';
export type { Chat } from './chat/chat-store.ts';
export type { EngineFactories } from './media/call-media.ts';
export { DeferredEngine } from './media/deferred-engine.ts';
export { DEVICE_ROLES, type DeviceOption, type DeviceRole } from './media/device-choice.ts';
export type { DeviceDesk } from './media/device-desk.ts';
export type { PictureWish } from './media/video-demand.ts';
export * from './model.ts';
export {
  createParleyClient,
  type GroupEntry,
  type GroupStart,
  type ParleyClient,
  type ParleyClientOptions,
} from './parley-client.ts';
export * from './ports/capture.ts';
export type { ConnectionsAhead } from './ports/connections-ahead.ts';
export * from './ports/devices.ts';
export { type Leader, type Locks, soloLocks } from './ports/locks.ts';
export * from './ports/media-engine.ts';
export * from './ports/peer-signalling.ts';
export * from './ports/platform.ts';
export * from './ports/signalling-transport.ts';
export { type Socket, type SocketConnector, type SocketHandlers, webSocketConnector } from './ports/socket.ts';
export type { Account } from './session/account.ts';
export { shared } from './shared.ts';

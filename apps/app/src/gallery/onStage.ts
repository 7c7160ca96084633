import type { MediaStats } from '@parley/client';
import type { CallMetrics } from '@parley/protocol';
import type {
  ActiveCallSnapshot,
  IncomingCallItem,
  PersonOnStage,
  PlacingCallSnapshot,
  SelfOnStage,
} from '../screens/snapshots';
import { ada, grace, ken, margaret } from './people';
import { pictureOf } from './pictures';

const STATS: MediaStats = {
  roundTripMs: 38,
  jitterMs: 6,
  packetLossPercent: 0.4,
  sentLossPercent: 0,
  bitrateKbps: 1_240,
  sentBitrateKbps: 1_180,
  availableKbps: 2_600,
  freezes: 0,
  freezeMs: 0,
  concealedPercent: 0.1,
  path: 'direct',
  network: 'wifi',
  audioCodec: 'opus',
  videoCodec: 'VP8',
};

/** Of a call that went well for most of the time. */
export const FIGURES: CallMetrics = {
  joinLatencyMs: 640,
  durationSeconds: 1572,
  packetLossPercent: 0.6,
  worstLossPercent: 7.5,
  sentLossPercent: 0.2,
  avgBitrateKbps: 1_105,
  sentBitrateKbps: 980,
  roundTripMs: 41,
  worstRoundTripMs: 210,
  jitterMs: 7,
  freezeCount: 2,
  freezeMs: 1_300,
  concealedPercent: 0.4,
  path: 'direct',
  audioCodec: 'opus',
  videoCodec: 'VP8',
};

const landscape = () => globalThis.innerWidth >= 768;

export const other = (change: Partial<PersonOnStage> = {}): PersonOnStage => ({
  id: grace.id,
  displayName: grace.displayName,
  stream: pictureOf(grace.id, landscape()),
  isMuted: false,
  videoEnabled: true,
  ...change,
});

export const self = (change: Partial<SelfOnStage> = {}): SelfOnStage => ({
  id: ada.id,
  displayName: ada.displayName,
  stream: pictureOf(ada.id, landscape()),
  isMuted: false,
  videoEnabled: true,
  microphone: null,
  camera: null,
  ...change,
});

export const quietSelf = (change: Partial<SelfOnStage> = {}) => self({ videoEnabled: false, stream: null, ...change });
export const quietOther = (change: Partial<PersonOnStage> = {}) =>
  other({ videoEnabled: false, stream: null, ...change });

export const placing = (change: Partial<PlacingCallSnapshot> = {}): PlacingCallSnapshot => ({
  kind: 'video',
  phase: 'ringing',
  offline: false,
  with: grace,
  self: self(),
  ...change,
});

export const active = (change: Partial<ActiveCallSnapshot> = {}): ActiveCallSnapshot => ({
  kind: 'video',
  title: grace.displayName,
  others: [other()],
  self: self(),
  connectedAt: Date.now() - 277_000,
  reconnecting: false,
  protection: 'end_to_end',
  quality: 'good',
  videoHeld: false,
  stats: STATS,
  soFar: FIGURES,
  notices: [],
  ...change,
});

export const groupOthers = (): readonly PersonOnStage[] => [
  other({ speaking: true }),
  other({ id: ken.id, displayName: ken.displayName, stream: pictureOf(ken.id, landscape()), isMuted: true }),
  quietOther({ id: margaret.id, displayName: margaret.displayName }),
];

export const incoming = (change: Partial<IncomingCallItem> = {}): IncomingCallItem => ({
  id: 'i1',
  kind: 'video',
  caller: grace,
  team: 'Acme',
  answering: false,
  ...change,
});

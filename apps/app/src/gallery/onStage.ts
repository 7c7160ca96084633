import type {
  ActiveCallSnapshot,
  IncomingCallItem,
  PersonOnStage,
  PlacingCallSnapshot,
  SelfOnStage,
} from '../screens/snapshots';
import { ada, grace, ken, margaret } from './people';
import { pictureOf } from './pictures';

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

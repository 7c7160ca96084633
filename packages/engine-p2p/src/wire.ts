import type { PictureSource, VideoQuality } from '@parley/client';
import type { Candidate, Description } from './peer-connection.ts';

/** What two engines say to each other, as JSON in the opaque payload of a relayed message. */
export type Wire = Envelope & Body;

interface Envelope {
  readonly v: 1;
  /** Names one peer connection of the sender. */
  readonly session: string;
  /** The receiver's, as far as the sender knows it. */
  readonly toSession: string | null;
}

export type Body =
  /** "I am here": asks the side that offers for its offer. */
  | { readonly kind: 'hello' }
  | {
      readonly kind: 'description';
      /** Number of the offer within the session; the answer repeats it. The same offer may arrive twice. */
      readonly id: number;
      readonly description: Description;
      /** False where the sender has no microphone: then no packet can be waited for. */
      readonly audio: boolean;
      /** The sender shares a screen. */
      readonly screen: boolean;
    }
  | { readonly kind: 'candidate'; readonly candidate: Candidate }
  /** The side that does not offer asks for an ICE restart. */
  | { readonly kind: 'restart' }
  /** The side that does not offer asks for places for a screen. */
  | { readonly kind: 'places' }
  | { readonly kind: 'media'; readonly audio: boolean; readonly screen: boolean }
  /** Which of the other side's pictures the sender wants. Until it is said, and to who does not know of it: all, sharp. */
  | ({ readonly kind: 'wish' } & Wish);

/** Of each picture, whether and how sharp it is wanted. */
export type Wish = Readonly<Record<PictureSource, VideoQuality>>;
export const EVERYTHING: Wish = { camera: 'high', screen: 'high' };

/** Null for what is no message of ours: a newer engine's, or nonsense. */
export function parseWire(payload: string): Wire | null {
  let value: unknown;
  try {
    value = JSON.parse(payload);
  } catch {
    return null;
  }
  if (!isRecord(value) || value.v !== 1 || typeof value.session !== 'string') return null;
  if (value.toSession !== null && typeof value.toSession !== 'string') return null;
  const envelope: Envelope = { v: 1, session: value.session, toSession: value.toSession };
  const body = parseBody(value);
  return body && { ...envelope, ...body };
}

function parseBody(value: Readonly<Record<string, unknown>>): Body | null {
  switch (value.kind) {
    case 'hello':
    case 'restart':
    case 'places':
      return { kind: value.kind };
    case 'media':
      return typeof value.audio === 'boolean'
        ? { kind: 'media', audio: value.audio, screen: value.screen === true }
        : null;
    case 'wish': {
      const { camera, screen } = value;
      return isQuality(camera) && isQuality(screen) ? { kind: 'wish', camera, screen } : null;
    }
    case 'candidate': {
      const { candidate } = value;
      if (!isRecord(candidate) || typeof candidate.candidate !== 'string') return null;
      const { sdpMid, sdpMLineIndex, usernameFragment } = candidate;
      return {
        kind: 'candidate',
        candidate: {
          candidate: candidate.candidate,
          sdpMid: typeof sdpMid === 'string' ? sdpMid : null,
          sdpMLineIndex: typeof sdpMLineIndex === 'number' ? sdpMLineIndex : null,
          ...(typeof usernameFragment === 'string' ? { usernameFragment } : {}),
        },
      };
    }
    case 'description': {
      const { id, audio, description } = value;
      if (typeof id !== 'number' || typeof audio !== 'boolean' || !isRecord(description)) return null;
      const { type, sdp } = description;
      if ((type !== 'offer' && type !== 'answer') || typeof sdp !== 'string') return null;
      return { kind: 'description', id, audio, screen: value.screen === true, description: { type, sdp } };
    }
    default:
      return null;
  }
}

const isQuality = (value: unknown): value is VideoQuality => value === 'off' || value === 'low' || value === 'high';
const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;

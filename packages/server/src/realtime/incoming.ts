import { ClientMessage, MAX_FRAME_BYTES, PROTOCOL_VERSION } from '@parley/protocol';
import { inputErrors } from '../input-errors.ts';
import { EdgeError } from '../ports/edge-error.ts';

export type Incoming =
  | { readonly kind: 'message'; readonly message: ClientMessage }
  /** A hello in a version of the protocol that is not spoken here. */
  | { readonly kind: 'version' }
  | { readonly kind: 'bad'; readonly ref: string | null; readonly error: EdgeError };

/** Parses one frame. Never throws, and never repeats what was sent. */
export function readFrame(text: string | null, bytes: number): Incoming {
  if (bytes > MAX_FRAME_BYTES) return bad('frame_too_large');
  if (text === null) return bad('bad_frame', 'Frames are text.');
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return bad('bad_frame', 'The frame is not JSON.');
  }
  const parsed = ClientMessage.safeParse(json);
  if (parsed.success) return { kind: 'message', message: parsed.data };
  if (isObject(json) && json.t === 'hello' && json.v !== PROTOCOL_VERSION) return { kind: 'version' };
  const issue = inputErrors(parsed.error)[0];
  const where = issue ? `${issue.path}: ${issue.message}`.slice(0, 200) : undefined;
  return {
    kind: 'bad',
    ref: refOf(json),
    error: new EdgeError('bad_frame', where === undefined ? {} : { detail: where }),
  };
}

/** The id of a command that is not read any further, so that its sender can be told. */
export function commandRef(text: string | null): string | null {
  if (text === null || text.length > 4096) return null;
  try {
    return refOf(JSON.parse(text));
  } catch {
    return null;
  }
}

function refOf(json: unknown): string | null {
  if (!isObject(json) || json.t !== 'command' || typeof json.id !== 'string') return null;
  return json.id.slice(0, 64);
}

function bad(code: 'bad_frame' | 'frame_too_large', detail?: string): Incoming {
  return { kind: 'bad', ref: null, error: new EdgeError(code, detail === undefined ? {} : { detail }) };
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

import { randomBytes } from 'node:crypto';
import { deflateRawSync, inflateRawSync } from 'node:zlib';

/** The payload of a NOTIFY is shorter than 8000 bytes (documentation of Postgres 15, NOTIFY). */
const MOST_BYTES = 7_900;
/** Of one text, unpacked: nothing that is published comes near it. */
const MOST_UNPACKED = 64 * 1_048_576;
/** Texts of which parts are missing: the parts of a text come in one transaction, one after the other. */
const UNFINISHED = 64;

/** A text as it goes through NOTIFY: as it is where it fits, else packed and in parts. */
export function toParts(text: string): string[] {
  if (Buffer.byteLength(text) < MOST_BYTES) return [`=${text}`];
  const packed = deflateRawSync(text).toString('base64');
  const id = randomBytes(9).toString('base64url');
  const count = Math.ceil(packed.length / MOST_BYTES);
  return Array.from({ length: count }, (_, index) => {
    return `+${id} ${index} ${count} ${packed.slice(index * MOST_BYTES, (index + 1) * MOST_BYTES)}`;
  });
}

/** Puts parts together again. */
export class Parts {
  readonly #unfinished = new Map<string, string[]>();

  /** The whole text, once its last part is there; null before, and for what is no part. */
  take(part: string): string | null {
    if (part.startsWith('=')) return part.slice(1);
    const [, id, index, count, data] = /^\+(\S{1,32}) (\d{1,5}) (\d{1,5}) (\S*)$/.exec(part) ?? [];
    if (id === undefined || data === undefined) return null;
    const parts = this.#unfinished.get(id) ?? [];
    // One is missing: the rest is of no use.
    if (parts.length !== Number(index)) {
      this.#unfinished.delete(id);
      return null;
    }
    parts.push(data);
    if (parts.length < Number(count)) {
      this.#keep(id, parts);
      return null;
    }
    this.#unfinished.delete(id);
    try {
      return inflateRawSync(Buffer.from(parts.join(''), 'base64'), { maxOutputLength: MOST_UNPACKED }).toString();
    } catch {
      return null;
    }
  }

  #keep(id: string, parts: string[]): void {
    this.#unfinished.set(id, parts);
    if (this.#unfinished.size <= UNFINISHED) return;
    const oldest = this.#unfinished.keys().next();
    if (!oldest.done) this.#unfinished.delete(oldest.value);
  }
}

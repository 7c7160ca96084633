import { createHash, createHmac, randomBytes } from 'node:crypto';
import { isIPv6 } from 'node:net';

/*
 * As much of STUN (RFC 8489) and TURN (RFC 8656) as it takes to ask a relay for something and to read its answer.
 * A client of our own, since browsers do not say why a relay refused, nor ask for what they may not have.
 */

const COOKIE = Buffer.from([0x21, 0x12, 0xa4, 0x42]);

export const METHOD = { allocate: 0x003, refresh: 0x004, send: 0x006, data: 0x007, permission: 0x008, channel: 0x009 };
export const ATTRIBUTE = {
  username: 0x0006,
  integrity: 0x0008,
  error: 0x0009,
  channelNumber: 0x000c,
  lifetime: 0x000d,
  peer: 0x0012,
  data: 0x0013,
  realm: 0x0014,
  nonce: 0x0015,
  relayed: 0x0016,
  family: 0x0017,
  transport: 0x0019,
};
export type Attribute = readonly [type: number, value: Buffer];
export type Message = {
  method: number;
  kind: 'request' | 'indication' | 'success' | 'error';
  transaction: string;
  attributes: ReadonlyMap<number, Buffer>;
};

const KINDS = ['request', 'indication', 'success', 'error'] as const;

/** A request's own name, which masks addresses too: 12 bytes. */
export const newTransaction = (): Buffer => randomBytes(12);

/** @param key of the long-term credential: adds MESSAGE-INTEGRITY */
export function encode(
  message: { method: number; kind: Message['kind']; transaction: Buffer; attributes: readonly Attribute[] },
  key?: Buffer,
): Buffer {
  const number = KINDS.indexOf(message.kind);
  const body = Buffer.concat(message.attributes.map(([type, value]) => attribute(type, value)));
  const start = (length: number): Buffer => {
    const head = Buffer.alloc(4);
    head.writeUInt16BE(message.method | ((number & 2) << 7) | ((number & 1) << 4), 0);
    head.writeUInt16BE(length, 2);
    return Buffer.concat([head, COOKIE, message.transaction, body]);
  };
  if (!key) return start(body.length);
  // The length that is signed counts the signature itself: 24 bytes.
  const signed = start(body.length + 24);
  return Buffer.concat([signed, attribute(ATTRIBUTE.integrity, createHmac('sha1', key).update(signed).digest())]);
}

export function decode(bytes: Buffer): Message {
  const type = bytes.readUInt16BE(0);
  const attributes = new Map<number, Buffer>();
  for (let at = 20; at + 4 <= bytes.length; ) {
    const length = bytes.readUInt16BE(at + 2);
    attributes.set(bytes.readUInt16BE(at), bytes.subarray(at + 4, at + 4 + length));
    at += 4 + Math.ceil(length / 4) * 4;
  }
  const kind = KINDS[((type >> 7) & 2) | ((type >> 4) & 1)] ?? 'request';
  return { method: type & 0x0f, kind, transaction: bytes.toString('hex', 8, 20), attributes };
}

/** The key of a long-term credential (RFC 8489 §9.2.2). */
export const longTermKey = (username: string, realm: string, password: string): Buffer =>
  createHash('md5').update(`${username}:${realm}:${password}`).digest();

/** @returns 0 for success */
export function errorCode(message: Message): number {
  const value = message.attributes.get(ATTRIBUTE.error);
  return value ? (value[2] ?? 0) * 100 + (value[3] ?? 0) : 0;
}

/** XOR-PEER-ADDRESS. */
export function peerAddress(address: string, port: number, transaction: Buffer): Buffer {
  const raw = isIPv6(address) ? ipv6(address) : Buffer.from(address.split('.').map(Number));
  const value = Buffer.alloc(4 + raw.length);
  value[1] = raw.length === 4 ? 1 : 2;
  value.writeUInt16BE(port ^ 0x2112, 2);
  const mask = Buffer.concat([COOKIE, transaction]);
  for (const [index, byte] of raw.entries()) value[4 + index] = byte ^ (mask[index] ?? 0);
  return value;
}

/** @param address in hexadecimal throughout, with at most one `::` */
function ipv6(address: string): Buffer {
  const [before = [], after = []] = address.split('::').map((half) => half.split(':').filter((part) => part !== ''));
  const zeros = Array.from({ length: 8 - before.length - after.length }, () => '0');
  const parts = [...before, ...zeros, ...after];
  return Buffer.from(parts.map((part) => part.padStart(4, '0')).join(''), 'hex');
}

function attribute(type: number, value: Buffer): Buffer {
  const padded = Buffer.alloc(4 + Math.ceil(value.length / 4) * 4);
  padded.writeUInt16BE(type, 0);
  padded.writeUInt16BE(value.length, 2);
  value.copy(padded, 4);
  return padded;
}

import { randomBytes } from 'node:crypto';

type Rtp = { ssrc: number; payloadType: number; sequence: number; body: Uint8Array };

/** A packet of RFC 3550 §5.1 with no more than its header and a body: without the authentication tag of SRTP. */
export function rtpPacket({ ssrc, payloadType, sequence, body }: Rtp): Buffer {
  const header = Buffer.alloc(12);
  header[0] = 0x80;
  header[1] = payloadType & 0x7f;
  header.writeUInt16BE(sequence & 0xffff, 2);
  header.writeUInt32BE(sequence * 960, 4);
  header.writeUInt32BE(ssrc, 8);
  return Buffer.concat([header, body]);
}

const sized = (bytes: number, body: Buffer): Buffer => {
  const size = Buffer.alloc(bytes);
  size.writeUIntBE(body.length, 0, bytes);
  return Buffer.concat([size, body]);
};

const extension = (type: number, body: number[]): Buffer => {
  const kind = Buffer.alloc(2);
  kind.writeUInt16BE(type);
  return Buffer.concat([kind, sized(2, Buffer.from(body))]);
};

/** The first message of a DTLS 1.2 handshake (RFC 6347 §4.2.2) that offers what browsers do, SRTP among it (RFC 5764). */
export function clientHello(): Buffer {
  const extensions = Buffer.concat([
    // Groups, point formats, signature algorithms, use_srtp.
    extension(10, [0, 4, 0, 29, 0, 23]),
    extension(11, [1, 0]),
    extension(13, [0, 4, 4, 3, 8, 4]),
    extension(14, [0, 2, 0, 1, 0]),
  ]);
  const body = Buffer.concat([
    Buffer.from([0xfe, 0xfd]),
    randomBytes(32),
    // No session, no cookie; two suites; no compression.
    Buffer.from([0, 0]),
    sized(2, Buffer.from([0xc0, 0x2b, 0xc0, 0x2f])),
    Buffer.from([1, 0]),
    sized(2, extensions),
  ]);
  const length = sized(3, body).subarray(0, 3);
  const handshake = Buffer.concat([Buffer.from([1]), length, Buffer.from([0, 0, 0, 0, 0]), length, body]);
  return Buffer.concat([Buffer.from([22, 0xfe, 0xfd, 0, 0, 0, 0, 0, 0, 0, 0]), sized(2, handshake)]);
}

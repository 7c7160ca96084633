import { MAX_PICTURE_SIDE } from '@parley/protocol';

export type PictureType = 'image/jpeg' | 'image/webp';

interface Found {
  readonly type: PictureType;
  readonly width: number;
  readonly height: number;
}

/**
 * Whether these bytes begin as a picture of this type, of a size that everybody's browser can draw: a few bytes may say that
 * they are 65,000 pixels wide. What follows the head is for the viewer's decoder, which is made for strangers' bytes.
 */
export function isGoodPicture(bytes: Uint8Array, type: PictureType): boolean {
  const found = readWebp(bytes) ?? readJpeg(bytes);
  if (found === null || found.type !== type) return false;
  return [found.width, found.height].every((side) => side >= 1 && side <= MAX_PICTURE_SIDE);
}

const textAt = (bytes: Uint8Array, at: number): string => String.fromCharCode(...bytes.subarray(at, at + 4));
const byte = (bytes: Uint8Array, at: number): number => bytes[at] ?? 0;
const little = (bytes: Uint8Array, at: number, count: number): number =>
  Array.from({ length: count }, (_, i) => byte(bytes, at + i) * 256 ** i).reduce((sum, part) => sum + part, 0);
const big16 = (bytes: Uint8Array, at: number): number => byte(bytes, at) * 256 + byte(bytes, at + 1);

/** RFC 9649; an animation is no picture of a person. */
function readWebp(bytes: Uint8Array): Found | null {
  if (bytes.length < 30 || textAt(bytes, 0) !== 'RIFF' || textAt(bytes, 8) !== 'WEBP') return null;
  if (little(bytes, 4, 4) + 8 > bytes.length + 1) return null;
  const type = 'image/webp';
  switch (textAt(bytes, 12)) {
    case 'VP8 ':
      if (little(bytes, 23, 3) !== 0x2a019d) return null;
      return { type, width: little(bytes, 26, 2) & 0x3fff, height: little(bytes, 28, 2) & 0x3fff };
    case 'VP8L': {
      if (byte(bytes, 20) !== 0x2f) return null;
      const sides = little(bytes, 21, 4);
      return { type, width: (sides & 0x3fff) + 1, height: (Math.floor(sides / 0x4000) & 0x3fff) + 1 };
    }
    case 'VP8X':
      if ((byte(bytes, 20) & 0x02) !== 0) return null;
      return { type, width: little(bytes, 24, 3) + 1, height: little(bytes, 27, 3) + 1 };
    default:
      return null;
  }
}

/** ITU-T T.81, B.2: segments up to the first frame header. */
function readJpeg(bytes: Uint8Array): Found | null {
  if (byte(bytes, 0) !== 0xff || byte(bytes, 1) !== 0xd8) return null;
  let at = 2;
  while (at + 9 < bytes.length && byte(bytes, at) === 0xff) {
    const marker = byte(bytes, at + 1);
    const isFrame = marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);
    if (isFrame) return { type: 'image/jpeg', width: big16(bytes, at + 7), height: big16(bytes, at + 5) };
    const length = big16(bytes, at + 2);
    if (marker === 0xff || marker < 0xc0 || length < 2) return null;
    at += 2 + length;
  }
  return null;
}

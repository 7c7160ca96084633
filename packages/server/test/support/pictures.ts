/** The head of a JPEG of this size, and so many bytes more. */
export function jpegOf(width: number, height: number, more = 100): Uint8Array<ArrayBuffer> {
  const frame = [0xff, 0xc0, 0, 17, 8, height >> 8, height & 255, width >> 8, width & 255, 3];
  const application = [0xff, 0xe0, 0, 4, 1, 2];
  return Uint8Array.from([0xff, 0xd8, ...application, ...frame, ...new Array<number>(more).fill(7)]);
}

/** The head of a WebP in the extended format. */
export function webpOf(width: number, height: number, flags = 0): Uint8Array<ArrayBuffer> {
  const three = (value: number) => [value & 255, (value >> 8) & 255, (value >> 16) & 255];
  const text = (word: string) => [...word].map((letter) => letter.charCodeAt(0));
  const chunk = [...text('VP8X'), 10, 0, 0, 0, flags, 0, 0, 0, ...three(width - 1), ...three(height - 1)];
  return Uint8Array.from([...text('RIFF'), chunk.length + 4, 0, 0, 0, ...text('WEBP'), ...chunk]);
}

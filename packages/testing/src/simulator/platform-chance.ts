import { createHash } from 'node:crypto';

/**
 * The server takes ids, tokens and hashes from the platform. For the length of a run they come from the seed: otherwise no run
 * could be had again. Hashes are the true ones, only that they are ready at once instead of whenever a thread is done.
 */
export async function withSeededPlatform<T>(random: () => number, run: () => Promise<T>): Promise<T> {
  const { subtle } = crypto;
  const bytes = (length: number) => Uint8Array.from({ length }, () => Math.floor(random() * 256));
  const seeded = {
    randomUUID: () => uuidOfBytes(bytes(16)),
    getRandomValues: (into: Uint8Array) => {
      into.set(bytes(into.length));
      return into;
    },
    subtle: {
      digest: async (algorithm: string, data: Uint8Array) => {
        if (algorithm !== 'SHA-256') return subtle.digest(algorithm, data.slice());
        return new Uint8Array(createHash('sha256').update(data).digest()).buffer;
      },
    },
  };
  for (const [name, value] of Object.entries(seeded)) {
    Object.defineProperty(crypto, name, { value, configurable: true, writable: true });
  }
  try {
    return await run();
  } finally {
    for (const name of Object.keys(seeded)) Reflect.deleteProperty(crypto, name);
  }
}

function uuidOfBytes(bytes: Uint8Array): string {
  const hex = Array.from(bytes, (byte, at) => {
    const marked = at === 6 ? (byte & 0x0f) | 0x40 : at === 8 ? (byte & 0x3f) | 0x80 : byte;
    return marked.toString(16).padStart(2, '0');
  }).join('');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}

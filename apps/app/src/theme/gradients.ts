/** Ends of the eight gradients of an avatar, and the glow that its colour throws on the stage. */
export interface AvatarGradient {
  readonly from: string;
  readonly to: string;
  readonly glow: string;
}

const AVATAR_GRADIENTS: readonly [AvatarGradient, ...AvatarGradient[]] = [
  { from: '#6cb4fb', to: '#1272cf', glow: '#20315a' },
  { from: '#45ad9e', to: '#0a806d', glow: '#14332f' },
  { from: '#f2b02c', to: '#a96400', glow: '#3b2c12' },
  { from: '#fb8a8a', to: '#cf2f33', glow: '#44191f' },
  { from: '#fb80c0', to: '#bf2f8a', glow: '#3f1a33' },
  { from: '#68c67c', to: '#24804f', glow: '#17351f' },
  { from: '#a79cf4', to: '#5a4fbf', glow: '#272349' },
  { from: '#c493fb', to: '#7655cf', glow: '#31234d' },
];

/** The same id has the same colours everywhere and always (FNV-1a over its characters). */
export function gradientOf(id: string): AvatarGradient {
  let hash = 0x811c9dc5;
  for (let i = 0; i < id.length; i++) {
    hash ^= id.charCodeAt(i);
    hash = Math.imul(hash, 0x01000193) >>> 0;
  }
  // FNV's low bits depend on little more than the low bits of each character: mix once more (MurmurHash3's finaliser).
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  const index = ((hash ^ (hash >>> 16)) >>> 0) % AVATAR_GRADIENTS.length;
  return AVATAR_GRADIENTS[index] ?? AVATAR_GRADIENTS[0];
}

/** At most two letters: the first of the first and of the last word. */
export function initialsOf(displayName: string): string {
  const words = displayName.trim().split(/\s+/u).filter(Boolean);
  const first = words[0];
  if (first === undefined) return '?';
  const last = words.length > 1 ? words[words.length - 1] : undefined;
  const letters = [first, last].map((word) => (word === undefined ? '' : (Array.from(word)[0] ?? '')));
  return letters.join('').toLocaleUpperCase();
}

import type { MediaStreamLike } from '@parley/client';

/** Phones have no canvas to draw a camera with: the gallery shows faces there. */
export function pictureOf(_id: string, _landscape: boolean): MediaStreamLike | null {
  return null;
}

export function screenOf(_id: string): MediaStreamLike | null {
  return null;
}

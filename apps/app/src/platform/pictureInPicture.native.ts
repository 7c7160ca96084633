import type { PictureInPicture } from './types';

/** Comes with the call screens of the phones' own systems. */
export const pictureInPicture: PictureInPicture | null = null;

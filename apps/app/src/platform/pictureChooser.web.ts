import { squareOf } from './square';

const SIDE = 256;
/** Bytes that the server takes. */
const MOST = 102_400;
/** From the best on: the first that is small enough is taken. Not every browser writes WebP; those give PNG instead. */
const WAYS = [0.86, 0.7, 0.5].flatMap((quality) => [
  ['image/webp', quality] as const,
  ['image/jpeg', quality] as const,
]);

export interface PickedPicture {
  readonly type: string;
  readonly data: Uint8Array<ArrayBuffer>;
}

/** The browser cannot read the file. */
class UnreadablePicture extends Error {
  readonly code = 'picture_unreadable';
}

/** Asks for a file; null for whoever closes the chooser. Only within a tap or a key. */
function choose(): Promise<Blob | null> {
  return new Promise((resolve) => {
    const input = document.createElement('input');
    input.type = 'file';
    input.accept = 'image/*';
    input.addEventListener('change', () => resolve(input.files?.[0] ?? null));
    input.addEventListener('cancel', () => resolve(null));
    input.click();
  });
}

/**
 * Cuts the middle square out of a picture and makes it 256 pixels wide. It is encoded anew, so that what a camera wrote beside it (a
 * place, a date) does not go along.
 * @throws UnreadablePicture
 */
async function shrink(file: Blob): Promise<PickedPicture> {
  const bitmap = await createImageBitmap(file).catch((cause: unknown) => {
    throw new UnreadablePicture('unreadable', { cause });
  });
  const canvas = document.createElement('canvas');
  canvas.width = SIDE;
  canvas.height = SIDE;
  const context = canvas.getContext('2d');
  if (context === null) throw new UnreadablePicture('no canvas');
  const { x, y, side } = squareOf(bitmap.width, bitmap.height);
  // What was see-through becomes white, as JPEG has nothing else.
  context.fillStyle = '#ffffff';
  context.fillRect(0, 0, SIDE, SIDE);
  context.imageSmoothingQuality = 'high';
  context.drawImage(bitmap, x, y, side, side, 0, 0, SIDE, SIDE);
  bitmap.close();
  for (const [type, quality] of WAYS) {
    const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, type, quality));
    if (blob?.type !== type || blob.size > MOST) continue;
    return { type, data: new Uint8Array(await blob.arrayBuffer()) };
  }
  throw new UnreadablePicture('too large');
}

export const pictureChooser = { choose, shrink };

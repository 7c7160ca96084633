// For TypeScript: Metro takes .web or .native before this one.
import { pictureChooser as onTheWeb } from './pictureChooser.web';

export type PictureChooser = typeof onTheWeb;
/** Null where no file can be chosen. */
export const pictureChooser = onTheWeb as PictureChooser | null;

import type { ReactNode } from 'react';
import { type Pictures, PicturesOf } from '../ui/pictures';
import { ada, grace, ken, margaret } from './people';

/** A drawn head and shoulders, as a picture of a person would be: the gallery has no faces to show. */
const face = (ground: string, hair: string): string =>
  `data:image/svg+xml,${encodeURIComponent(
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 64 64"><rect width="64" height="64" fill="${ground}"/>` +
      `<ellipse cx="32" cy="66" rx="25" ry="20" fill="#3a3a44"/><circle cx="32" cy="26" r="15" fill="${hair}"/>` +
      `<ellipse cx="32" cy="31" rx="11" ry="13" fill="#e7bfa5"/></svg>`,
  )}`;

const FACES = new Map([
  [ada.id, face('#c9d8c5', '#3a2a22')],
  [grace.id, face('#d9cfe6', '#8a8a90')],
  [ken.id, face('#cfdde8', '#6b5140')],
  [margaret.id, face('#e9d9c3', '#a2703a')],
]);

const faces: Pictures = {
  get: (userId) => FACES.get(userId) ?? null,
  want: () => undefined,
  subscribe: () => () => undefined,
};

/** The same screen in a team in which some have pictures. */
export const withFaces = (screen: ReactNode) => <PicturesOf value={faces}>{screen}</PicturesOf>;

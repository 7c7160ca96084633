import { createContext, useContext, useEffect, useSyncExternalStore } from 'react';

/** Where avatars get their pictures from. */
export interface Pictures {
  /** What an image can show; null for initials. The same text until it is another picture. */
  get(userId: string): string | null;
  /** Somebody is on the screen: their picture is wanted. */
  want(userId: string): void;
  subscribe(listener: () => void): () => void;
}

const NONE: Pictures = { get: () => null, want: () => undefined, subscribe: () => () => undefined };
const PicturesContext = createContext<Pictures>(NONE);
export const PicturesOf = PicturesContext.Provider;

export function usePicture(userId: string): string | null {
  const pictures = useContext(PicturesContext);
  useEffect(() => pictures.want(userId), [pictures, userId]);
  const read = () => pictures.get(userId);
  return useSyncExternalStore(pictures.subscribe, read, read);
}

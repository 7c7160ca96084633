import { type Href, useRouter } from 'expo-router';
import { useMemo } from 'react';
import { paths } from '../paths';
import { goBack } from '../platform/goBack';

/** Paths are plain strings (`paths`): screens and wiring know nothing else of the navigator. */
export function useGo() {
  const router = useRouter();
  return useMemo(
    () => ({
      to: (path: string) => router.push(path as Href),
      replace: (path: string) => router.replace(path as Href),
      back: () => (router.canGoBack() ? goBack() : router.replace(paths.home as Href)),
    }),
    [router],
  );
}

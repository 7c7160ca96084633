import { useClientSnapshot, useParley } from '@parley/react';
import { useEffect, useState } from 'react';
import { useInView } from '../platform/inView';

const NONE: readonly string[] = [];

/**
 * Missed calls that are on the screen count as seen, on all devices; not while nobody can see the screen.
 * @param shown null for all of them
 * @returns those that were new when they came on the screen: they stay marked while one looks
 */
export function useSeenCalls(shown: readonly string[] | null): ReadonlySet<string> {
  const client = useParley();
  const inView = useInView();
  const unseen = useClientSnapshot((snapshot) => snapshot.unseenCalls);
  const [fresh, setFresh] = useState<ReadonlySet<string>>(() => new Set());
  const news = !inView ? NONE : shown === null ? unseen : unseen.filter((id) => shown.includes(id));
  const key = news.join();
  // biome-ignore lint/correctness/useExhaustiveDependencies: the key says what is new.
  useEffect(() => {
    if (news.length === 0) return;
    setFresh((known) => new Set([...known, ...news]));
    void client.markCallsRead(news);
  }, [client, key]);
  return fresh;
}

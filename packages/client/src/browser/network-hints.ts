import type { NetworkHint } from '../ports/platform.ts';

/** Network Information API, as far as it is used; Safari and Firefox have none. */
export interface NetworkInformation extends Pick<EventTarget, 'addEventListener' | 'removeEventListener'> {
  /** Left out by desktop browsers. */
  readonly type?: string;
}

/** A change of the estimated rates alone, of which a browser tells every few seconds, is heard so often at most. */
const ESTIMATES_MS = 10_000;

/**
 * The network is back (`online`), or another one is used now. That there is none is no hint: what is tried then fails, and whoever tries is
 * in a longer pause when there is one again.
 * @returns how to stop
 */
export function onNetworkChange(
  page: Pick<EventTarget, 'addEventListener' | 'removeEventListener'>,
  connection: NetworkInformation | undefined,
  now: () => number,
  isOnline: () => boolean,
  listener: (hint: NetworkHint) => void,
): () => void {
  let type = connection?.type;
  let toldAt = Number.NEGATIVE_INFINITY;
  const changed = () => {
    if (!isOnline()) return;
    const isOther = connection?.type !== type;
    type = connection?.type;
    // Where the kind of network is not told, a change of the estimates is all that there is of a change of networks.
    if (!isOther && now() - toldAt < ESTIMATES_MS) return;
    toldAt = now();
    listener('other');
  };
  const back = () => listener('back');
  page.addEventListener('online', back);
  connection?.addEventListener('change', changed);
  return () => {
    page.removeEventListener('online', back);
    connection?.removeEventListener('change', changed);
  };
}

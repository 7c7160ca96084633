import type { Page } from 'playwright-core';

export interface Seen {
  /** Epoch milliseconds; null while it has not come about. */
  readonly tap: number | null;
  /** When a page that asks for a token has it. */
  readonly token: number | null;
  /** When the first device was open that the page asked for. */
  readonly open: number | null;
  readonly dialog: number | null;
  readonly audio: number | null;
  readonly video: number | null;
}

/** A busy machine takes its time; whoever has not come by then does not come. */
const PATIENCE_MS = 45_000;

declare global {
  interface Window {
    benchProbe: { seen: Record<keyof Seen, number | null>; reset(): void; peers: Set<RTCPeerConnection> };
  }
}

/**
 * Added to a page before anything else: notes when somebody tapped, when a ringing dialog was painted, and when the first sound
 * and picture came out of a peer connection. All pages of a machine have one clock.
 */
export function installProbe(): void {
  const seen: Window['benchProbe']['seen'] = {
    tap: null,
    token: null,
    open: null,
    dialog: null,
    audio: null,
    video: null,
  };
  const peers = new Set<RTCPeerConnection>();
  /** What came before the reset is the call before. */
  let heard = new Map<string, number>();
  let timer: ReturnType<typeof setInterval> | undefined;
  const stamps = (): [string, string, number][] =>
    [...peers].flatMap((peer, index) =>
      peer.connectionState === 'closed'
        ? []
        : peer
            .getReceivers()
            .flatMap((receiver) =>
              receiver
                .getSynchronizationSources()
                .map(({ source, timestamp }): [string, string, number] => [
                  receiver.track.kind,
                  `${index}:${source}`,
                  timestamp,
                ]),
            ),
    );
  window.benchProbe = {
    seen,
    peers,
    reset() {
      for (const key of Object.keys(seen) as (keyof Seen)[]) seen[key] = null;
      for (const peer of peers) if (peer.connectionState === 'closed') peers.delete(peer);
      heard = new Map(stamps().map(([, id, stamp]) => [id, stamp]));
      // Not while nobody waits for anything: it takes a twentieth of a processor.
      clearInterval(timer);
      timer = setInterval(listen, 4);
    },
  };
  window.RTCPeerConnection = class extends RTCPeerConnection {
    constructor(configuration?: RTCConfiguration) {
      super(configuration);
      peers.add(this);
    }
  };
  const capture = navigator.mediaDevices?.getUserMedia.bind(navigator.mediaDevices);
  if (capture)
    navigator.mediaDevices.getUserMedia = async (constraints) => {
      const stream = await capture(constraints);
      seen.open ??= Date.now();
      return stream;
    };
  window.addEventListener(
    'click',
    () => {
      seen.tap ??= Date.now();
    },
    { capture: true },
  );
  const painted = new MessageChannel();
  painted.port1.onmessage = () => {
    seen.dialog ??= Date.now();
  };
  // The frame that has it, and then the first moment after it was drawn.
  const look = () => {
    if (seen.dialog === null && document.querySelector('[role=alertdialog]'))
      requestAnimationFrame(() => painted.port2.postMessage(null));
  };
  new MutationObserver(look).observe(document, { childList: true, subtree: true });
  function listen(): void {
    for (const [kind, id, stamp] of stamps()) {
      if (heard.get(id) === stamp) continue;
      if (kind === 'audio') seen.audio ??= Date.now();
      else seen.video ??= Date.now();
    }
    if (seen.audio !== null && seen.video !== null) clearInterval(timer);
  }
}

export const reset = (...pages: readonly Page[]): Promise<unknown> =>
  Promise.all(pages.map((page) => page.evaluate(() => window.benchProbe.reset())));

/**
 * Waits until all of these have come about on the page.
 * @throws Error that says what there was instead
 */
export async function seen(page: Page, what: readonly (keyof Seen)[], timeout = PATIENCE_MS): Promise<Seen> {
  try {
    await page.waitForFunction((keys) => keys.every((key) => window.benchProbe.seen[key] !== null), [...what], {
      timeout,
      polling: 50,
    });
  } catch {
    const { found, peers } = await page.evaluate(() => ({
      found: window.benchProbe.seen,
      peers: [...window.benchProbe.peers].map(({ connectionState }) => connectionState),
    }));
    const missing = what.filter((key) => found[key] === null);
    throw new Error(
      `${page.url()}: no ${missing.join(', no ')} within ${timeout / 1000} s; connections: ${peers.join(', ') || 'none'}.`,
    );
  }
  return page.evaluate(() => ({ ...window.benchProbe.seen }));
}

/** From a moment on one page to a moment on another. */
export function between(from: number | null, to: number | null): number {
  if (from === null || to === null) throw new Error('Something was not seen.');
  return to - from;
}

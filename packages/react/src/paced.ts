export interface PacedSource {
  /** So long a change may wait for what a tap brings about, in milliseconds; 0: not at all. */
  readonly holdMs: number;
  subscribe(listener: () => void): () => void;
}

type Later = (run: () => void) => void;

/**
 * The changes of a client as screens are told of them: those of one task together, in a task of its own, and none while the devices
 * of a call that somebody has just accepted open, or until there is sound in a group. To draw a call's screens keeps a slow machine busy
 * for longer than the microphone takes, and what comes of the browser meanwhile has to wait: so whoever taps is heard first, and sees it
 * right after.
 */
export function paced(
  source: PacedSource,
  later: Later = inATask,
  timers: { set(run: () => void, ms: number): unknown; clear(timer: unknown): void } = {
    set: (run, ms) => setTimeout(run, ms),
    clear: (timer) => clearTimeout(timer as ReturnType<typeof setTimeout>),
  },
): (listener: () => void) => () => void {
  const listeners = new Set<() => void>();
  let off: (() => void) | null = null;
  let isDue = false;
  /** While changes wait. */
  let limit: unknown = null;
  let isOver = false;

  function tell(): void {
    timers.clear(limit);
    limit = null;
    for (const listener of [...listeners]) listener();
  }

  function look(): void {
    isDue = false;
    const { holdMs } = source;
    if (holdMs === 0) isOver = false;
    else if (!isOver) {
      limit ??= timers.set(() => {
        // Somebody is being asked, or the device is slow: that is to be seen.
        isOver = true;
        tell();
      }, holdMs);
      return;
    }
    tell();
  }

  function changed(): void {
    if (isDue) return;
    isDue = true;
    later(look);
  }

  return (listener) => {
    // What changed before is in the snapshot that the listener begins with.
    off ??= source.subscribe(changed);
    listeners.add(listener);
    return () => {
      listeners.delete(listener);
      if (listeners.size > 0) return;
      off?.();
      off = null;
      timers.clear(limit);
      limit = null;
    };
  };
}

/** Not by a timer, where there is another way: those of hidden pages are held back for up to a minute, and it rings there too. */
const inATask: Later = (() => {
  if (typeof MessageChannel === 'undefined') return (run) => void setTimeout(run, 0);
  let waiting: (() => void)[] = [];
  let port: MessagePort | null = null;
  return (run) => {
    if (port === null) {
      const channel = new MessageChannel();
      channel.port1.onmessage = () => {
        const due = waiting;
        waiting = [];
        for (const one of due) one();
      };
      port = channel.port2;
    }
    waiting.push(run);
    port.postMessage(null);
  };
})();

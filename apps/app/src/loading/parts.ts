import { part } from './later';
import type { Part } from './part';

/**
 * The parts that the app comes in. What is drawn before somebody has signed in comes with the page itself and stands in
 * none of them. Each is one `import()`, and nothing else may import what begins a part (docs/performance.md says why).
 */
export const parts = {
  home: part(() => import('../chunks/home')),
  stage: part(() => import('../chunks/stage')),
  settings: part(() => import('../chunks/settings')),
  doors: part(() => import('../chunks/doors')),
  gallery: part(() => import('../chunks/gallery')),
  engine: part(() => import('../chunks/engine')),
} as const;

/** What a ring or a press could want next: fetched before it does, each when the one before it is here. */
const AHEAD = [parts.home, parts.stage, parts.engine, parts.settings];

/** Fetches what is wanted next whenever the page has nothing better to do. @returns ends that */
export function fetchAhead(): () => void {
  let ended = false;
  void (async () => {
    for (const one of AHEAD) {
      await idle();
      if (ended) return;
      one.fetch();
      await here(one);
    }
  })();
  return () => {
    ended = true;
  };
}

const idle = () =>
  new Promise<void>((resolve) => {
    // Safari has no such thing.
    if (typeof globalThis.requestIdleCallback !== 'function') setTimeout(resolve, 0);
    else globalThis.requestIdleCallback(() => resolve(), { timeout: 1_000 });
  });

const here = (one: Part<unknown>) =>
  new Promise<void>((resolve) => {
    if (one.content() !== null) return resolve();
    const unlisten = one.onChange(() => {
      if (one.content() === null) return;
      unlisten();
      resolve();
    });
  });

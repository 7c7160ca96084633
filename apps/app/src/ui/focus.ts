import { type RefObject, useEffect, useRef } from 'react';
import type { View } from 'react-native';
import { isWeb } from './web';

/**
 * Where the keyboard is. Only browsers have such a focus; on phones nothing of this does anything.
 */

const REACHABLE = 'a[href], button, input, textarea, select, [tabindex]:not([tabindex="-1"])';

/** Whether it is something that one writes into. */
export const isField = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName));

const isSeen = (element: Element): boolean => element.getClientRects().length > 0;
const isLost = (): boolean => {
  const at = document.activeElement;
  return at === null || at === document.body || !at.isConnected || !isSeen(at);
};

function focus(element: HTMLElement): void {
  // Headings and regions take the focus when they are told to, and are no stop for Tab.
  if (!element.matches(REACHABLE)) element.tabIndex = -1;
  element.focus({ preventScroll: true });
}

/**
 * What lies over everything else: takes the focus (a reachable element with `data-first` before the first of all, itself where
 * it has none), keeps Tab inside, and gives the focus back.
 */
export function useModalFocus(): RefObject<View | null> {
  const ref = useRef<View>(null);
  useEffect(() => {
    const root: unknown = ref.current;
    if (!isWeb || !(root instanceof HTMLElement)) return;
    const before = document.activeElement;
    const reachable = () => [...root.querySelectorAll<HTMLElement>(REACHABLE)].filter(isSeen);
    focus(root.querySelector<HTMLElement>('[data-first]') ?? reachable()[0] ?? root);
    const onKey = (event: KeyboardEvent) => {
      if (event.key !== 'Tab') return;
      const all = reachable();
      const [first, last] = [all[0], all.at(-1)];
      const at = document.activeElement;
      const inside = at !== null && root.contains(at);
      const leaves = !inside || at === root || at === (event.shiftKey ? first : last);
      if (!leaves) return;
      event.preventDefault();
      (event.shiftKey ? last : first)?.focus();
    };
    document.addEventListener('keydown', onKey, { capture: true });
    return () => {
      document.removeEventListener('keydown', onKey, { capture: true });
      giveBack(root, before);
    };
  }, []);
  return ref;
}

/** Takes the focus, but never out of a field in which somebody writes; gives it back when it goes. */
export function useAlertFocus(): RefObject<View | null> {
  const ref = useRef<View>(null);
  useEffect(() => {
    const root: unknown = ref.current;
    if (!isWeb || !(root instanceof HTMLElement) || isField(document.activeElement)) return;
    const before = document.activeElement;
    // Itself rather than a button: a space bar that was on its way to something else must answer nothing.
    focus(root);
    return () => giveBack(root, before);
  }, []);
  return ref;
}

function giveBack(root: HTMLElement, before: Element | null): void {
  // After React has taken it out of the page.
  setTimeout(() => {
    const had = isLost() || root.contains(document.activeElement);
    if (had && before instanceof HTMLElement && before.isConnected && before !== document.body) before.focus();
  });
}

/** The control with the same name where a row of controls was drawn anew; otherwise the heading of what is to be seen. */
function landing(name: string | null): HTMLElement | null {
  const seen = (selector: string) => [...document.querySelectorAll<HTMLElement>(selector)].find(isSeen) ?? null;
  const same = name === null ? null : seen(`[data-controls] [aria-label="${CSS.escape(name)}"]`);
  return (
    same ?? seen('[role="alertdialog"] h1, [role="dialog"] h1') ?? seen('[role="region"] h1, main h1') ?? seen('h1')
  );
}

/** Of the control of a call that had the focus last. */
let lastControl: string | null = null;
if (isWeb && typeof document !== 'undefined') {
  document.addEventListener('focusin', ({ target }) => {
    const control = target instanceof Element && target.closest('[data-controls]') !== null;
    lastControl = control ? target.getAttribute('aria-label') : null;
  });
}

/** Milliseconds that a screen may take to show its heading. */
const PATIENCE_MS = 5_000;

/**
 * To be called when one screen has made way for another: where the focus went down with it, it is put where the new one
 * begins, as soon as that is there. It is left alone where somebody has put it, and before anybody has touched the page.
 * @returns how to stop waiting
 */
export function findFocus(): () => void {
  if (!isWeb || navigator.userActivation?.hasBeenActive === false) return () => undefined;
  const name = lastControl;
  const look = () => {
    if (!isLost()) return stop();
    const target = landing(name);
    if (target === null) return;
    focus(target);
    stop();
  };
  const observer = new MutationObserver(look);
  const timer = setTimeout(() => stop(), PATIENCE_MS);
  const stop = () => {
    observer.disconnect();
    clearTimeout(timer);
  };
  observer.observe(document.body, {
    childList: true,
    subtree: true,
    attributes: true,
    attributeFilter: ['style', 'class'],
  });
  look();
  return stop;
}

import type { Page } from '@playwright/test';
import axe from 'axe-core';

/** A screen of the gallery, and how it is shown. */
export interface Look {
  readonly screen: string;
  readonly theme: 'light' | 'dark';
  readonly language: string;
}

/** WCAG 2.0 to 2.2, A and AA. */
const STANDARDS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];

/** Opens the gallery once; the names of its screens. */
export async function openGallery(page: Page, url: string): Promise<string[]> {
  await page.goto(`${url}/gallery`);
  await page.getByRole('link').first().waitFor();
  return page.getByRole('link').allTextContents();
}

/** Goes to a look within the page, which must be at the gallery, and waits until it stands still. */
export async function lookAt(page: Page, look: Look): Promise<void> {
  await page.evaluate(async (detail) => {
    const before = document.querySelector('[data-look]');
    window.dispatchEvent(new CustomEvent('gallery', { detail }));
    const frame = () => new Promise(requestAnimationFrame);
    const shows = () => {
      const now = document.querySelector('[data-look]');
      return now !== null && now !== before && now.getAttribute('data-look') === JSON.stringify(detail);
    };
    // A screen that throws never comes; ten seconds of frames are enough for one that does.
    for (let frames = 0; !shows(); frames++) {
      if (frames > 600) throw new Error(`${detail.screen} is not drawn`);
      await frame();
    }
    // Sizes are told, and drawn from, after the first frame.
    await frame();
    await frame();
  }, look);
}

/** What axe has against the page, a line each. */
export async function violations(page: Page): Promise<string[]> {
  if (!(await page.evaluate(() => 'axe' in window))) await page.evaluate(axe.source);
  const unsaid = await unsaidWords(page);
  const found = await page.evaluate(async (standards) => {
    const { axe: here } = window as unknown as { axe: typeof axe };
    const found = await here.run(document, {
      runOnly: standards,
      // It takes initials, which are drawn for the eye alone, and the gaps between two lines for a part of the name.
      // `unsaidWords` holds what the rule is there for.
      rules: { 'label-content-name-mismatch': { enabled: false } },
      resultTypes: ['violations'],
      elementRef: false,
      // Nothing here has frames, and what is not to be seen is not fetched for its colours.
      iframes: false,
      preload: false,
    });
    return found.violations.flatMap(({ id, nodes }) =>
      nodes.map(({ html, any, all, none }) => {
        const why = [...any, ...all, ...none].map(({ message }) => message).join('; ');
        return `${id}: ${html.slice(0, 160)}: ${why.slice(0, 240)}`;
      }),
    );
  }, STANDARDS);
  return [...found, ...unsaid];
}

/** Words that stand on a control and are not in its name: by voice it could not be called by them (WCAG 2.5.3). */
const unsaidWords = (page: Page): Promise<string[]> =>
  page.evaluate(() => {
    const wordsOf = (text: string) => text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];
    return [...document.querySelectorAll('[aria-label]:is(a, button, [role="radio"])')].flatMap((control) => {
      const name = new Set(wordsOf(control.getAttribute('aria-label') ?? ''));
      const texts = document.createTreeWalker(control, NodeFilter.SHOW_TEXT);
      const unsaid: string[] = [];
      for (let text = texts.nextNode(); text !== null; text = texts.nextNode()) {
        const hidden = text.parentElement?.closest('[aria-hidden="true"], [role="timer"]');
        if (!hidden) unsaid.push(...wordsOf(text.textContent ?? '').filter((word) => !name.has(word)));
      }
      return unsaid.length === 0 ? [] : [`not in the name “${[...name].join(' ')}”: ${unsaid.join(' ')}`];
    });
  });

/** Controls that are smaller than a finger (44 points), except links within a sentence. */
export const smallTargets = (page: Page): Promise<string[]> =>
  page.evaluate(() => {
    const targets =
      'a[href], button, input, textarea, [role="button"], [role="radio"], [role="checkbox"], [tabindex="0"]';
    return [...document.querySelectorAll(targets)].flatMap((element) => {
      const { width, height } = element.getBoundingClientRect();
      if (element.getClientRects().length === 0 || element.matches('[role="log"], [role="region"]')) return [];
      // Half a point for a browser's rounding.
      if (width >= 43.5 && height >= 43.5) return [];
      const name = element.getAttribute('aria-label') ?? element.textContent ?? '';
      return [`${name.slice(0, 40)}: ${Math.round(width)} × ${Math.round(height)}`];
    });
  });

/** What lies outside of the window where nothing scrolls to it, or scrolls sideways (WCAG 1.4.10). */
export const outOfReach = (page: Page): Promise<string[]> =>
  page.evaluate(() => {
    const wide = window.innerWidth;
    const found: string[] = [];
    const tell = (element: Element, why: string) =>
      found.push(
        `${why}: ${element.getAttribute('aria-label') ?? element.textContent?.slice(0, 40) ?? element.tagName}`,
      );
    const root = document.documentElement;
    if (root.scrollWidth > wide) found.push(`the page is ${root.scrollWidth} wide in ${wide}`);
    for (const element of document.querySelectorAll('body *')) {
      if (element.closest('svg') !== null && element.tagName !== 'svg') continue;
      // A row of small pictures beside the large one, whose page does not scroll downwards.
      if (element.closest('[data-sideways]') !== null) continue;
      const style = getComputedStyle(element);
      if (/auto|scroll/.test(style.overflowX) && element.scrollWidth > element.clientWidth + 1)
        tell(element, 'scrolls sideways');
      const says = element.matches('a[href], button, input, textarea, [role="button"], [role="radio"], h1, h2, h3');
      if (!says || element.getClientRects().length === 0) continue;
      const { left, right, top, bottom } = element.getBoundingClientRect();
      if (left < -1 || right > wide + 1)
        tell(element, `lies at ${Math.round(left)} to ${Math.round(right)} of ${wide}`);
      let scrolls = false;
      for (let at = element.parentElement; at !== null; at = at.parentElement)
        scrolls ||= /auto|scroll/.test(getComputedStyle(at).overflowY);
      if (!scrolls && (top < -1 || bottom > window.innerHeight + 1))
        tell(element, `lies at ${Math.round(top)} to ${Math.round(bottom)} of ${window.innerHeight} downwards`);
    }
    return found;
  });

/** Words of the catalogue (not of people) that are cut off, and controls that lie on one another. */
export const crowding = (page: Page): Promise<string[]> =>
  page.evaluate(() => {
    const found: string[] = [];
    const seen = (element: Element) => element.getClientRects().length > 0;
    // Accents and marks of the two languages that nobody speaks.
    const ofCatalogue = /[áéíóúÁÉÍÓÚ\u202e]/;
    for (const element of document.querySelectorAll('[dir="auto"]')) {
      const text = element.textContent ?? '';
      if (!seen(element) || !ofCatalogue.test(text) || element.clientWidth <= 1) continue;
      const clips = getComputedStyle(element).overflow !== 'visible';
      const over = element.scrollWidth > element.clientWidth + 1 || element.scrollHeight > element.clientHeight + 2;
      // A person's name gives way: it stands in full on their page.
      if (clips && over && !element.hasAttribute('data-gives-way')) found.push(`cut off: ${text.slice(0, 60)}`);
    }
    const layer = (element: Element) => element.closest('[role="dialog"], [role="alertdialog"]');
    const controls = [
      ...document.querySelectorAll('a[href], button, input, textarea, [role="button"], [role="radio"]'),
    ].filter(seen);
    for (const [index, one] of controls.entries()) {
      for (const other of controls.slice(index + 1)) {
        if (one.contains(other) || other.contains(one) || layer(one) !== layer(other)) continue;
        const [a, b] = [one.getBoundingClientRect(), other.getBoundingClientRect()];
        const across = Math.min(a.right, b.right) - Math.max(a.left, b.left);
        const down = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
        // Scrolled out of sight is not on top of what stands still.
        if (across > 2 && down > 2 && scroller(one) === scroller(other))
          found.push(`on one another: ${nameOf(one)} and ${nameOf(other)}`);
      }
    }
    return found;

    function scroller(element: Element): Element | null {
      for (let at = element.parentElement; at !== null; at = at.parentElement)
        if (/auto|scroll/.test(getComputedStyle(at).overflowY)) return at;
      return null;
    }
    function nameOf(element: Element): string {
      return element.getAttribute('aria-label') ?? element.textContent ?? element.tagName;
    }
  });

/** What moves within some frames, or is about to: positions and sizes, not what fades or counts. */
export const moving = (page: Page): Promise<string[]> =>
  page.evaluate(async () => {
    const boxes = () =>
      [...document.querySelectorAll('#root *')].map((element) => {
        const { x, y, width, height } = element.getBoundingClientRect();
        return { element, box: [x, y, width, height].map((value) => value.toFixed(2)).join(' ') };
      });
    const before = boxes();
    for (let frames = 0; frames < 6; frames++) await new Promise(requestAnimationFrame);
    const after = new Map(boxes().map(({ element, box }) => [element, box]));
    const moved = before
      .filter(
        ({ element, box }) =>
          element.isConnected && element.closest('[role="timer"]') === null && after.get(element) !== box,
      )
      .map(({ element }) => `moved: ${element.outerHTML.slice(0, 120)}`);
    const animated = document
      .getAnimations()
      .filter((animation) => animation instanceof CSSAnimation)
      .map((animation) => `animated: ${animation.animationName}`);
    return [...moved, ...animated];
  });

import type { Page } from '@playwright/test';
import { expect } from '@playwright/test';

/** What the server refuses the browser writes to the console as well: refusals are what some stories are about. */
const REFUSED = /^Failed to load resource: the server responded with a status of 4\d\d/;

/** From here on notes what goes wrong within a page. @returns a check that nothing did */
export function watchErrors(page: Page): () => void {
  const errors: string[] = [];
  page.on('pageerror', (error) => errors.push(`thrown: ${error.message}`));
  page.on('console', (message) => {
    if (message.type() === 'error' && !REFUSED.test(message.text())) errors.push(message.text());
  });
  return () => expect(errors, 'errors in the console').toEqual([]);
}

import type { Page } from '@playwright/test';
import { expect } from '@playwright/test';

/** What the server refuses the browser writes to the console as well: refusals are what some stories are about. */
const REFUSED =
  /^Failed to load resource: the server responded with a status of 4\d\d|^WebSocket connection .* failed: HTTP Authentication failed/;
/** LiveKit's client writes so when the server puts somebody out, or closes the room: the transport ends under its channels. */
const PUT_OUT = /^(?:DataChannel error on \w+: User-Initiated Abort|publisher data channel '\w+' closed unexpectedly)/;

/** From here on notes what goes wrong within a page. @returns a check that nothing did */
export function watchErrors(page: Page): () => void {
  const errors: string[] = [];
  page.on('pageerror', (error) => errors.push(`thrown: ${error.message}`));
  page.on('console', (message) => {
    const text = message.text();
    if (message.type() === 'error' && !REFUSED.test(text) && !PUT_OUT.test(text)) errors.push(text);
  });
  return () => expect(errors, 'errors in the console').toEqual([]);
}

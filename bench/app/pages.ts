import type { CDPSession, Page } from 'playwright-core';

/** What is left on the page's heap after a collection, in bytes, and what else it holds. */
export interface Held {
  readonly heap: number;
  readonly nodes: number;
  readonly listeners: number;
}

export async function inspect(page: Page): Promise<CDPSession> {
  const session = await page.context().newCDPSession(page);
  await session.send('Performance.enable');
  await session.send('HeapProfiler.enable');
  return session;
}

/** The page's own main thread. */
async function metricsOf(session: CDPSession): Promise<(name: string) => number> {
  const { metrics } = await session.send('Performance.getMetrics');
  const all = new Map(metrics.map(({ name, value }) => [name, value]));
  return (name) => all.get(name) ?? Number.NaN;
}

export async function held(session: CDPSession): Promise<Held> {
  await session.send('HeapProfiler.collectGarbage');
  const of = await metricsOf(session);
  return { heap: of('JSHeapUsedSize'), nodes: of('Nodes'), listeners: of('JSEventListeners') };
}

/** Milliseconds for which the page's main thread has worked so far. */
export async function workedMs(session: CDPSession): Promise<number> {
  return (await metricsOf(session))('TaskDuration') * 1000;
}

export async function signIn(page: Page, url: string, first: string): Promise<void> {
  await page.goto(`${url}/sign-in`);
  await page.getByRole('button', { name: `Continue as ${first}` }).click();
  await page
    .getByRole('link', { name: /general/ })
    .first()
    .waitFor();
}

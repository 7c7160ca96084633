import { test as base, type Page, type ViewportSize } from '@playwright/test';
import { installProbe } from './media.ts';
import { type CallKind, Person, type SignsIn } from './person.ts';
import { watchErrors } from './quiet.ts';
import type { ParleyServer } from './server.ts';
import { type Keeps, SpareServer } from './spare-server.ts';

type Fixtures = {
  /** Environment of the server of a test: set it with `test.use`. */
  serverEnv: Record<string, string>;
  /** What its server keeps everything in. */
  keeps: Keeps;
  /** Whether pages may write no error to the console: for stories in which nothing goes wrong but what the server refuses. */
  quiet: boolean;
  /** How people come in: by a press where the story wants a gesture, and otherwise as is quickest. */
  signsIn: SignsIn;
  parley: ParleyServer;
  /** Signs somebody in on one more device; at another address of the server's, if it has several. */
  signIn: (first: string, url?: string) => Promise<Person>;
  ada: Person;
  grace: Person;
  /** A browser of somebody whom nobody knows. */
  visit: (viewport?: ViewportSize) => Promise<Page>;
};

export const test = base.extend<Fixtures, { spare: SpareServer }>({
  serverEnv: [{}, { option: true }],
  keeps: ['postgres', { option: true }],
  quiet: [false, { option: true }],
  signsIn: ['before', { option: true }],
  spare: [
    // biome-ignore lint/correctness/noEmptyPattern: the runner reads the names of what a fixture wants
    async ({}, use) => {
      const spare = new SpareServer();
      await use(spare);
      await spare.dispose();
    },
    { scope: 'worker' },
  ],
  parley: async ({ serverEnv, keeps, spare }, use, testInfo) => {
    const one = await spare.take(serverEnv, keeps);
    spare.prepare(serverEnv, keeps);
    await use(one.server);
    if (testInfo.status !== testInfo.expectedStatus) {
      await testInfo.attach('server.log', { body: one.server.output, contentType: 'text/plain' });
    }
    await one.end();
  },
  signIn: async ({ browser, parley, contextOptions, permissions, viewport, quiet, signsIn }, use) => {
    const people: Person[] = [];
    const checks: (() => void)[] = [];
    await use(async (first, url = parley.url) => {
      const options = { ...contextOptions, viewport, ...(permissions ? { permissions } : {}) };
      const person = await Person.signIn(browser, url, first, options, signsIn);
      people.push(person);
      if (quiet) checks.push(watchErrors(person.page));
      return person;
    });
    for (const check of checks) check();
    await Promise.all(people.map((person) => person.context.close()));
  },
  visit: async ({ browser, parley, contextOptions, permissions, viewport, quiet }, use) => {
    const pages: Page[] = [];
    const checks: (() => void)[] = [];
    await use(async (size = viewport ?? undefined) => {
      const options = {
        ...contextOptions,
        ...(size ? { viewport: size } : {}),
        ...(permissions ? { permissions } : {}),
      };
      const context = await browser.newContext({ ...options, baseURL: parley.url });
      await context.addInitScript(installProbe);
      const page = await context.newPage();
      pages.push(page);
      if (quiet) checks.push(watchErrors(page));
      return page;
    });
    for (const check of checks) check();
    await Promise.all(pages.map((page) => page.context().close()));
  },
  ada: async ({ signIn }, use) => use(await signIn('Ada')),
  grace: async ({ signIn }, use) => use(await signIn('Grace')),
});

export { expect } from '@playwright/test';

/** From the first ring to a call that both are in. */
export async function connect(caller: Person, callee: Person, kind: CallKind): Promise<void> {
  await caller.startCall(kind, callee.first);
  await callee.accept(kind);
  await Promise.all([caller.expectInCall(), callee.expectInCall()]);
}

import { test as base } from '@playwright/test';
import { type CallKind, Person } from './person.ts';
import type { ParleyServer } from './server.ts';
import { SpareServer } from './spare-server.ts';

type Fixtures = {
  /** Environment of the server of a test: set it with `test.use`. */
  serverEnv: Record<string, string>;
  parley: ParleyServer;
  /** Signs somebody in on one more device. */
  signIn: (first: string) => Promise<Person>;
  ada: Person;
  grace: Person;
};

export const test = base.extend<Fixtures, { spare: SpareServer }>({
  serverEnv: [{}, { option: true }],
  spare: [
    // biome-ignore lint/correctness/noEmptyPattern: the runner reads the names of what a fixture wants
    async ({}, use) => {
      const spare = new SpareServer();
      await use(spare);
      await spare.dispose();
    },
    { scope: 'worker' },
  ],
  parley: async ({ serverEnv, spare }, use, testInfo) => {
    const one = await spare.take(serverEnv);
    spare.prepare();
    await use(one.server);
    if (testInfo.status !== testInfo.expectedStatus) {
      await testInfo.attach('server.log', { body: one.server.output, contentType: 'text/plain' });
    }
    await one.end();
  },
  signIn: async ({ browser, parley, contextOptions, permissions, viewport }, use) => {
    const people: Person[] = [];
    await use(async (first) => {
      const options = { ...contextOptions, viewport, ...(permissions ? { permissions } : {}) };
      const person = await Person.signIn(browser, parley.url, first, options);
      people.push(person);
      return person;
    });
    await Promise.all(people.map((person) => person.context.close()));
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

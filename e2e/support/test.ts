import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test as base } from '@playwright/test';
import { seededDataDir } from './paths.ts';
import { type CallKind, Person } from './person.ts';
import { ParleyServer } from './server.ts';

type Fixtures = {
  /** Environment of the server of a test: set it with `test.use`. */
  serverEnv: Record<string, string>;
  parley: ParleyServer;
  /** Signs somebody in on one more device. */
  signIn: (first: string) => Promise<Person>;
  ada: Person;
  grace: Person;
};

export const test = base.extend<Fixtures>({
  serverEnv: [{}, { option: true }],
  parley: async ({ serverEnv }, use, testInfo) => {
    const dataDir = await mkdtemp(join(tmpdir(), 'parley-e2e-'));
    await cp(seededDataDir, dataDir, { recursive: true });
    const server = await ParleyServer.start({ dataDir, env: serverEnv });
    await use(server);
    await server.stop();
    if (testInfo.status !== testInfo.expectedStatus) {
      await testInfo.attach('server.log', { body: server.output, contentType: 'text/plain' });
    }
    await rm(dataDir, { recursive: true, force: true });
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

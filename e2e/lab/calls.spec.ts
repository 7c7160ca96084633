import { expectTone } from '../support/media.ts';
import type { Person } from '../support/person.ts';
import { connect } from '../support/test.ts';
import { expectDirect, expectRelayed } from './path.ts';
import { expect, test } from './test.ts';

const hear = (...people: Person[]): Promise<unknown> => Promise.all(people.map(({ page }) => expectTone(page)));

type Answer = { status: number; body: Record<string, unknown> };

/** Asks the server for something on a page, as a device without a screen on which `first` signs in anew. */
function askAs(first: string, { page }: Person, method: string, path: string): Promise<Answer> {
  return page.evaluate(
    async ({ email, method, path }) => {
      const json = { 'content-type': 'application/json' };
      const body = JSON.stringify({ email, password: 'parley-demo' });
      const session = await (await fetch('/api/auth/sign-in', { method: 'POST', headers: json, body })).json();
      const headers = { authorization: `Bearer ${session.accessToken}`, 'x-device-id': crypto.randomUUID() };
      const answer = await fetch(path, { method, headers });
      return { status: answer.status, body: await answer.json() };
    },
    { email: `${first.toLowerCase()}@acme.test`, method, path },
  );
}

async function end(person: Person, other: Person): Promise<void> {
  await person.leave();
  await Promise.all([person, other].map((each) => expect(each.heading('Call ended')).toBeVisible()));
}

test('a call between two who reach each other goes from host to host', async ({ lab, ada, grace }) => {
  const before = await lab.linkStats('relay', 'callee');
  await connect(ada, grace, 'audio');
  await hear(ada, grace);
  await Promise.all([expectDirect(ada.page), expectDirect(grace.page)]);
  // Candidates are gathered at the relay and tried; the sound of some seconds is another matter.
  const { delivered } = await lab.linkStats('relay', 'callee');
  const direct = await lab.linkStats('caller', 'callee');
  expect(direct.delivered).toBeGreaterThan(delivered - before.delivered);
  await end(ada, grace);
});

test('who is in a call gets what the relay accepts; who is not, and whose call is over, get nothing', async ({
  relay,
  ada,
  grace,
}) => {
  await connect(ada, grace, 'audio');
  const path = `/api/calls/${new URL(ada.page.url()).pathname.split('/').at(-1)}/token`;
  const { status, body } = await askAs('Grace', grace, 'POST', path);
  expect(status).toBe(200);
  const turn = (body.iceServers as RTCIceServer[]).find(({ username }) => username !== undefined);
  expect(turn?.urls).toEqual(relay.urls.split(','));
  const { username = '', credential = '' } = turn ?? {};
  const seconds = Number(username.split(':')[0]) - Date.now() / 1000;
  expect(seconds).toBeGreaterThan(0);
  expect(seconds).toBeLessThanOrEqual(3600);
  expect((await relay.ask('callee', { username, credential })).allocation).toBe(0);

  expect(await askAs('Linus', grace, 'POST', path)).toMatchObject({ status: 404, body: { code: 'not_found' } });
  await end(ada, grace);
  expect(await askAs('Grace', grace, 'POST', path)).toMatchObject({ status: 409, body: { code: 'call_ended' } });
});

test('with no way from one to the other a call goes through the relay', async ({ lab, ada, grace }) => {
  await lab.link('caller', 'callee', { down: true });
  const delivered = async (from: string, to: string): Promise<number> => (await lab.linkStats(from, to)).delivered;
  const direct = () => Promise.all([delivered('caller', 'callee'), delivered('callee', 'caller')]);
  const before = await direct();
  await connect(ada, grace, 'audio');
  await hear(ada, grace);
  await Promise.all([expectRelayed(ada.page), expectRelayed(grace.page)]);
  for (const host of ['caller', 'callee']) {
    const relayed = await delivered('relay', host);
    await expect
      .poll(() => delivered('relay', host), { message: `sound goes to the ${host}` })
      .toBeGreaterThan(relayed + 50);
  }
  expect(await direct(), 'nothing went past the relay').toEqual(before);
  await end(ada, grace);
});

test('a way that breaks in mid-call: the call goes on through the relay', async ({ lab, ada, grace }) => {
  await connect(ada, grace, 'audio');
  await hear(ada, grace);
  await expectDirect(ada.page);
  await lab.link('caller', 'callee', { down: true });
  await Promise.all([expectRelayed(ada.page), expectRelayed(grace.page)]);
  await hear(ada, grace);
  await end(grace, ada);
});

test('a caller on a bad network (100 ± 25 ms, 5 % loss) gets through and is heard', async ({ lab, ada, grace }) => {
  await ada.openProfile('Grace');
  await lab.allLinks('caller', { delayMs: 100, jitterMs: 25, lossPercent: 5 });
  await ada.button('Audio call').click();
  await grace.accept('audio');
  await Promise.all([ada.expectInCall(), grace.expectInCall()]);
  await hear(ada, grace);
  await end(ada, grace);
});

import { expectMoving, expectNoPicture, liveCaptures } from '../support/media.ts';
import type { Person } from '../support/person.ts';
import { connect } from '../support/test.ts';
import { expect, test, withoutCounts } from './test.ts';

const idOf = async (person: Person, first: string): Promise<string> =>
  person.page.evaluate(async (email) => {
    const headers = { 'content-type': 'application/json' };
    const body = JSON.stringify({ email, password: 'parley-demo' });
    return (await (await fetch('/api/auth/sign-in', { method: 'POST', headers, body })).json()).user.id as string;
  }, `${first.toLowerCase()}@acme.test`);

withoutCounts();

test('a weak connection turns the picture off and says so, and it comes back by itself', async ({
  lab,
  ada,
  grace,
}) => {
  const [adaId, graceId] = await Promise.all([idOf(grace, 'Ada'), idOf(grace, 'Grace')]);
  // One path alone: after a few lost checks browsers go round a lossy one through the relay, and then nothing is lost.
  await lab.allLinks('relay', { down: true });
  await connect(ada, grace, 'video');
  await expectMoving(grace.page, adaId);

  // What goes from the caller is lost, what comes to them is not: it is theirs to yield.
  await lab.oneWay('caller', 'callee', { lossPercent: 30 });
  const weak = 'Your connection is weak: video is off';
  await expect(ada.page.getByText(weak)).toBeVisible({ timeout: 40_000 });
  await expect.poll(() => liveCaptures(ada.page), { message: 'the light of the camera is off' }).toEqual(['audio']);
  await expectNoPicture(grace.page, adaId);
  await expect(grace.tile('Ada')).toBeVisible();
  await expectMoving(ada.page, graceId);

  await lab.oneWay('caller', 'callee', { lossPercent: 0 });
  await expect(ada.page.getByText(weak)).toHaveCount(0, { timeout: 60_000 });
  await expectMoving(grace.page, adaId);
  await ada.leave();
  await Promise.all([ada, grace].map((each) => expect(each.heading('Call ended')).toBeVisible()));
});

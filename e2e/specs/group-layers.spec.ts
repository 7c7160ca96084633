import { Ledger } from '../support/api.ts';
import { companyOf, gather } from '../support/company.ts';
import { mediaServerReady } from '../support/media-server.ts';
import { expectReceived, widthOf } from '../support/received.ts';
import { expect, test } from '../support/test.ts';

test.use({ serverEnv: { PARLEY_LIVEKIT: 'auto' }, quiet: true });

/** A camera of 360 lines is sent 640 wide, and small layers of it at most half as wide. */
const SMALL = 320;

test('whoever is on the stage comes large, and a thumbnail in the small layer', async ({ parley, ada, grace }) => {
  await mediaServerReady(parley);
  const company = await companyOf(parley, 1);
  const [linus] = company;
  await gather(company, 'general', { tone: false });
  await grace.joinGroup('general');
  await ada.joinGroup('general');
  const graceId = (await Ledger.of(parley.url, 'Grace')).userId;
  await expectReceived(ada.page, [graceId, linus.userId]);
  const width = () => widthOf(ada.page, graceId);

  await ada.choose('Linus', 'Keep on the stage');
  await expect.poll(width, { timeout: 40_000 }).toBeLessThanOrEqual(SMALL);
  expect(await width()).toBeGreaterThan(0);

  await ada.choose('Linus', 'Take off the stage');
  await ada.choose('Grace', 'Keep on the stage');
  await expect.poll(width, { timeout: 40_000 }).toBeGreaterThan(SMALL);
  await linus.leave();
});

import { Ledger } from '../support/api.ts';
import type { DistantDatabase } from '../support/database.ts';
import { expectMoving } from '../support/media.ts';
import { test } from '../support/on-postgres.ts';
import { connect, expect } from '../support/test.ts';

type Row = {
  user_id: string;
  sequence: number;
  closed: boolean;
  duration_seconds: number;
  rating: string | null;
} & Record<string, unknown>;

/** What devices have told of the only call, by person. */
async function told(database: DistantDatabase): Promise<Map<string, Row>> {
  const rows = await database.rows<Row>(
    `select m.*, m.packet_loss_percent::float8 as loss, m.concealed_percent::float8 as concealed,
            m.sent_loss_percent::float8 as sent_loss
       from public.call_metrics m`,
  );
  return new Map(rows.map((row) => [row.user_id, row]));
}

test('a call leaves figures of both sides that make sense, and what one of them thought of it', async ({
  parley,
  database,
  ada,
  grace,
}) => {
  const [adaId, graceId] = await Promise.all(
    ['Ada', 'Grace'].map(async (first) => (await Ledger.of(parley.url, first)).userId),
  );
  if (!adaId || !graceId) throw new Error('Nobody is there.');
  await connect(ada, grace, 'video');
  await Promise.all([expectMoving(ada.page, graceId), expectMoving(grace.page, adaId)]);

  // The figures of a call that goes on, for the curious.
  await ada.press('Connection details');
  const details = ada.page.getByRole('dialog', { name: 'Connection details' });
  for (const words of ['Direct', 'opus', 'Round trip', 'Lost on the way there', 'Received']) {
    await expect(details.getByText(words, { exact: true })).toBeVisible();
  }
  // Where capture was granted by name, Chromium refuses whatever was not.
  await ada.context.grantPermissions(['clipboard-write']);
  await details.getByRole('button', { name: 'Copy as text' }).click();
  await expect(details.getByRole('button', { name: 'Copied' })).toBeVisible();
  await details.getByRole('button', { name: 'Close' }).click();
  await expect(ada.timer).toHaveText(/00:(0[6-9]|[1-5]\d)/);
  await ada.leave();

  for (const { page, heading } of [ada, grace]) {
    await expect(page.getByRole('heading', { name: 'Call ended' }), String(heading)).toBeVisible();
    await expect(page.getByText(/^(Good|Fair|Weak) connection$/)).toBeVisible();
    await expect(page.getByText('Round trip')).toHaveCount(0);
    await page.getByRole('button', { name: 'Connection details' }).click();
    await expect(page.getByText('Round trip', { exact: true })).toBeVisible();
  }
  await ada.page.getByRole('radio', { name: 'Bad' }).click();
  await expect(ada.page.getByText('Thank you!')).toBeVisible();
  await ada.button('Echo').click();
  await expect(ada.button('Echo')).toHaveAttribute('aria-pressed', 'true');
  await grace.button('Skip').click();
  await expect(grace.heading('How was it?')).toHaveCount(0);

  await expect.poll(async () => (await told(database)).get(adaId)?.rating_reasons).toEqual(['echo']);
  await expect.poll(async () => [...(await told(database)).values()].map(({ closed }) => closed)).toEqual([true, true]);
  const rows = await told(database);
  expect(rows.get(adaId)).toMatchObject({ rating: 'bad' });
  expect(rows.get(graceId)).toMatchObject({ rating: null });
  for (const id of [adaId, graceId]) {
    const row = rows.get(id);
    expect(row).toMatchObject({
      path: 'direct',
      audio_codec: 'opus',
      audio_enabled: true,
      video_enabled: true,
      device_type: 'web-desktop',
    });
    expect(row?.join_latency_ms).toBeGreaterThan(0);
    expect(row?.join_latency_ms).toBeLessThan(20_000);
    expect(row?.duration_seconds).toBeGreaterThanOrEqual(5);
    expect(row?.avg_bitrate_kbps).toBeGreaterThan(20);
    expect(row?.sent_bitrate_kbps).toBeGreaterThan(20);
    expect(row?.round_trip_ms).toBeLessThan(500);
    for (const share of [row?.loss, row?.concealed]) {
      expect(share).toBeGreaterThanOrEqual(0);
      expect(share).toBeLessThan(50);
    }
  }
  const [call] = await database.rows<Record<string, number>>(
    'select join_latency_ms, avg_bitrate_kbps, packet_loss_percent::float8 as loss, duration_seconds from public.call_sessions',
  );
  const waits = [adaId, graceId].map((id) => Number(rows.get(id)?.join_latency_ms));
  expect(call?.join_latency_ms).toBe(Math.max(...waits));
  expect(call?.avg_bitrate_kbps).toBeGreaterThan(20);
  expect(call?.loss).toBeGreaterThanOrEqual(0);
  expect(call?.duration_seconds).toBeGreaterThanOrEqual(5);
  const text = await (await fetch(`${parley.url}/metrics`)).text();
  expect(text).toContain('parley_call_join_latency_seconds_count 2');
  expect(text).toContain('parley_call_ratings_total{rating="bad"}');
});

test('a tab that is closed in mid-call leaves its figures until then', async ({ parley, database, ada, grace }) => {
  const adaId = (await Ledger.of(parley.url, 'Ada')).userId;
  await connect(ada, grace, 'audio');
  await expect.poll(async () => (await told(database)).get(adaId)?.sequence).toBe(1);
  const before = (await told(database)).get(adaId)?.duration_seconds ?? 0;
  await expect(ada.timer).toHaveText(/00:(0[8-9]|[1-5]\d)/);
  await ada.page.close({ runBeforeUnload: true });
  await expect.poll(async () => (await told(database)).get(adaId)?.sequence).toBeGreaterThan(1);
  expect((await told(database)).get(adaId)?.duration_seconds).toBeGreaterThan(before);
  await grace.leave();
  await expect(grace.heading('Call ended')).toBeVisible();
});

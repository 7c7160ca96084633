import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { Netlab } from '../netlab.ts';
import { answerOn, ping, pingOnAndOn } from './hosts.ts';

const available = Netlab.available();
const least = (numbers: number[]) => Math.min(...numbers);

describe.skipIf(!available.ok)('links of the network lab', () => {
  const hosts = ['caller', 'callee', 'server'];
  let lab: Netlab;

  beforeAll(Netlab.prepare, 300_000);
  beforeAll(async () => {
    lab = await Netlab.start(hosts);
    await Promise.all([answerOn(lab, 'callee'), answerOn(lab, 'server')]);
  });
  afterAll(() => lab?.stop());
  beforeEach(async () => {
    const perfect = { delayMs: 0, jitterMs: 0, lossPercent: 0, rateKbps: 0, down: false };
    await Promise.all(hosts.map((host) => lab.allLinks(host, perfect)));
  });

  it('carry every packet when nothing is set', async () => {
    expect(await ping(lab, 'caller', 'callee')).toHaveLength(15);
  });

  it('hold packets for the delay, once there and once back', async () => {
    await lab.link('caller', 'callee', { delayMs: 50 });
    const short = least(await ping(lab, 'caller', 'callee'));
    await lab.link('caller', 'callee', { delayMs: 150 });
    const long = least(await ping(lab, 'caller', 'callee'));
    expect(short).toBeGreaterThanOrEqual(100);
    expect(long).toBeGreaterThanOrEqual(300);
    // Three times the delay is three times the round trip, give or take a busy machine.
    expect(long / short).toBeGreaterThan(2);
    expect(long / short).toBeLessThan(4);
  });

  it('have a delay of their own in each direction', async () => {
    await lab.oneWay('caller', 'callee', { delayMs: 60 });
    const there = least(await ping(lab, 'caller', 'callee'));
    await lab.oneWay('callee', 'caller', { delayMs: 60 });
    const thereAndBack = least(await ping(lab, 'caller', 'callee'));
    expect(there).toBeGreaterThanOrEqual(60);
    expect(thereAndBack).toBeGreaterThanOrEqual(120);
    expect(thereAndBack / there).toBeGreaterThan(1.4);
  });

  it('spread packets by the jitter and keep their order', async () => {
    await lab.link('caller', 'callee', { delayMs: 100, jitterMs: 60 });
    const trips = await ping(lab, 'caller', 'callee', 40);
    expect(trips).toHaveLength(40);
    expect(least(trips)).toBeGreaterThanOrEqual(80);
    expect(Math.max(...trips) - least(trips)).toBeGreaterThan(20);
  });

  it('lose the share that is set', async () => {
    await lab.oneWay('caller', 'callee', { lossPercent: 50 });
    const before = await lab.linkStats('caller', 'callee');
    await ping(lab, 'caller', 'callee', 60);
    const after = await lab.linkStats('caller', 'callee');
    const share = (after.lost - before.lost) / (after.sent - before.sent);
    // Of 60 coins, fewer than 12 or more than 48 heads come once in a million times.
    expect(share).toBeGreaterThan(0.2);
    expect(share).toBeLessThan(0.8);
  });

  it('carry packets that were forged in the name of a host, and the answers go to that host', async () => {
    const before = await lab.linkStats('callee', 'caller');
    const forged = { fromPort: 4000, toPort: 7007, payload: Buffer.from('whoever'), times: 3 };
    await lab.forge('caller', 'callee', forged);
    await expect
      .poll(async () => (await lab.linkStats('callee', 'caller')).delivered - before.delivered)
      .toBeGreaterThanOrEqual(3);
    await expect(lab.forge('caller', 'callee', { ...forged, times: 0 })).rejects.toThrow('forged 1 to');
    await expect(lab.forge('caller', 'nobody', forged)).rejects.toThrow('no link');
  });

  it('are cut by a loss of 100 %, and by being down', async () => {
    await lab.link('caller', 'callee', { lossPercent: 100 });
    expect(await ping(lab, 'caller', 'callee')).toEqual([]);
    await lab.link('caller', 'callee', { lossPercent: 0, down: true });
    expect(await ping(lab, 'caller', 'callee')).toEqual([]);
    await lab.link('caller', 'callee', { down: false });
    expect(await ping(lab, 'caller', 'callee')).toHaveLength(15);
  });

  it('let through what the rate allows and drop what waits too long', async () => {
    // 100 bytes and headers every 20 ms are 51 kbit/s: half of it passes.
    await lab.oneWay('caller', 'callee', { rateKbps: 25, queueMs: 100 });
    const before = await lab.linkStats('caller', 'callee');
    const trips = await ping(lab, 'caller', 'callee', 60);
    const after = await lab.linkStats('caller', 'callee');
    expect(after.overflown - before.overflown).toBeGreaterThan(10);
    expect(trips.length).toBeGreaterThan(10);
    expect(Math.max(...trips)).toBeGreaterThanOrEqual(100);
  });

  it('change while packets flow', async () => {
    const trips = pingOnAndOn(lab, 'caller', 'callee');
    await trips.until((ms) => ms < 100);
    await lab.link('caller', 'callee', { delayMs: 100 });
    await trips.until((ms) => ms >= 200);
    await lab.link('caller', 'callee', { delayMs: 0 });
    await trips.until((ms) => ms < 100);
    await lab.link('caller', 'callee', { down: true });
    // A packet that was being handed over as the cut came still arrives; the first that is cut comes after it.
    const before = await lab.linkStats('caller', 'callee');
    await expect.poll(async () => (await lab.linkStats('caller', 'callee')).cut).toBeGreaterThan(before.cut);
    const { delivered, cut } = await lab.linkStats('caller', 'callee');
    await expect.poll(async () => (await lab.linkStats('caller', 'callee')).cut).toBeGreaterThan(cut + 5);
    expect((await lab.linkStats('caller', 'callee')).delivered).toBe(delivered);
    await lab.link('caller', 'callee', { down: false });
    await trips.until((ms) => ms < 100);
    trips.stop();
  });

  it('leave other pairs alone', async () => {
    await lab.link('caller', 'callee', { delayMs: 200 });
    const [slow, fast] = await Promise.all([ping(lab, 'caller', 'callee'), ping(lab, 'caller', 'server')]);
    expect(least(slow)).toBeGreaterThanOrEqual(400);
    expect(least(slow) / least(fast)).toBeGreaterThan(4);
    await lab.link('caller', 'callee', { down: true });
    expect(await ping(lab, 'caller', 'server')).toHaveLength(15);
    expect(await ping(lab, 'server', 'callee')).toHaveLength(15);
  });

  it('all go down for a host that is taken off the net', async () => {
    await lab.allLinks('caller', { down: true });
    expect(await ping(lab, 'caller', 'server')).toEqual([]);
    expect(await ping(lab, 'server', 'callee')).toHaveLength(15);
  });

  it('refuse settings that make no sense', async () => {
    await expect(lab.link('caller', 'nobody', { delayMs: 1 })).rejects.toThrow('no link between');
    await expect(lab.link('caller', 'callee', { lossPercent: 101 })).rejects.toThrow('between 0 and 100');
    await expect(lab.link('caller', 'callee', { delayMs: -1 })).rejects.toThrow('between 0 and 60000');
  });

  it('end at the lab: what goes elsewhere is counted and dropped', async () => {
    const { unroutable } = await lab.stats();
    const send = "require('node:dgram').createSocket('udp4').send('x', 9, '10.77.0.99', () => process.exit())";
    expect((await lab.exec('caller', process.execPath, ['-e', send])).code).toBe(0);
    await expect.poll(async () => (await lab.stats()).unroutable).toBeGreaterThan(unroutable);
  });
});

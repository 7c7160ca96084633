import { hold, same } from '../broken.ts';
import type { Case } from '../case.ts';
import { tookCall } from '../http.ts';
import { type Line, PATIENCE_MS } from '../line.ts';
import { readCall, talking } from '../scenes.ts';
import { endOf, type Welcome } from '../wire.ts';

/** Pings that come while a lease runs out one and a half times: they are the clock of these cases. */
const pingsPast = ({ leaseMs, heartbeatMs }: Welcome): number => Math.ceil((1.5 * leaseMs) / heartbeatMs) + 1;
const longestWait = ({ leaseMs, heartbeatMs }: Welcome): number => leaseMs + 3 * heartbeatMs + PATIENCE_MS;

/** Waits for so many further pings, and does something with each. */
async function pings(line: Line, count: number, each: () => Promise<void> = async () => {}): Promise<void> {
  const { heartbeatMs } = await line.welcomed();
  let since = line.mark;
  for (let i = 0; i < count; i += 1) {
    const ping = await line.heard('a ping', ({ t }) => t === 'ping', { since, within: heartbeatMs + PATIENCE_MS });
    since = line.told.indexOf(ping) + 1;
    await each();
  }
}

/** Who is there is known by answers to pings, and by leases that run out. */
export const leases: readonly Case[] = [
  {
    name: 'heartbeat_answered',
    rule: 'the server pings with numbers that rise; whoever answers stays, and so does their call',
    waits: true,
    run: async (stage) => {
      const { ada, adaLine, graceLine, call } = await talking(stage);
      await pings(adaLine, pingsPast(await adaLine.welcomed()));
      const numbers = adaLine.told.filter(({ t }) => t === 'ping').map(({ n }) => Number(n));
      same(
        numbers,
        numbers.toSorted((a, b) => a - b),
        'the numbers of the pings',
      );
      same(new Set(numbers).size, numbers.length, 'how many numbers of pings differ');
      hold(adaLine.isOpen && graceLine.isOpen, 'a socket that answered was closed');
      const now = await readCall(ada, call.id);
      same([now.status, now.version], ['connected', call.version], 'status and version of the call');
    },
  },
  {
    name: 'heartbeat_not_answered',
    rule: 'a socket that answers no ping for the length of a lease is closed with 4101',
    waits: true,
    run: async (stage) => {
      const line = await (await stage.person('Ada')).device().open({ mute: true });
      same(await line.closed(longestWait(await line.welcomed())), 4101, 'the close');
    },
  },
  {
    name: 'lease_lost',
    rule: 'whose lease runs out has dropped: a call of two ends for both, with dropped',
    waits: true,
    run: async (stage) => {
      const { grace, adaLine, graceLine, call } = await talking(stage);
      graceLine.fallSilent();
      const within = longestWait(await adaLine.welcomed());
      const view = await adaLine.view('its end', call.id, ({ endedAt }) => endedAt !== null, within);
      same(endOf(view.call), 'ended/dropped', 'the end that the other one hears');
      same(endOf(await readCall(grace.person, call.id)), 'ended/dropped', 'the end that whoever dropped reads');
      const { ended } = await (
        await grace.open({ resume: { calls: { [call.id]: call.version }, inbox: 0 } })
      ).welcomed();
      same(
        ended.map((each) => endOf(each.call)),
        ['ended/dropped'],
        'the end in the welcome of whoever dropped',
      );
    },
  },
  {
    name: 'lease_kept_by_requests',
    rule: 'a device without a socket keeps its seat by its requests',
    waits: true,
    run: async (stage) => {
      const { grace, adaLine, graceLine, call } = await talking(stage);
      graceLine.close();
      await pings(adaLine, pingsPast(await adaLine.welcomed()), async () => {
        await readCall(grace, call.id);
      });
      same(endOf(await readCall(grace, call.id)), 'connected/null', 'the call after one and a half leases');
    },
  },
  {
    name: 'lease_kept_by_media',
    rule: 'media that arrives keeps the seat of the other side, whose socket is gone, in a call of two',
    waits: true,
    run: async (stage) => {
      const { ada, graceLine, adaLine, call } = await talking(stage);
      adaLine.flow(call.id);
      graceLine.close();
      await pings(adaLine, pingsPast(await adaLine.welcomed()));
      same(endOf(await readCall(ada, call.id)), 'connected/null', 'the call after one and a half leases');
      tookCall(await ada.command('leave', call.id), [200], 'leave');
    },
  },
];

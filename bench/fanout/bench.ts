// One change of a person's presence told to 10 … 1,000 people of the team: the processor's time for each delivery and the bytes
// that each client gets. Who speaks is told by the media server, not by this one.
import { startParley } from '../lib/child.ts';
import { databaseLack, idOf, isBackend, openBenchDatabase, TEAM } from '../lib/database.ts';
import { Device, inGroups } from '../lib/device.ts';
import { curve, type Result } from '../lib/report.ts';
import { lineOf, median } from '../lib/stats.ts';

export const smoke = true;
export const isOurs = isBackend;
const lacking = await databaseLack();
export const lack = (): string | undefined => lacking;

interface Found {
  readonly people: number;
  readonly microsPerChange: number;
  readonly bytesPerChange: number;
}

export async function run({ smoke: brief, say }: { smoke: boolean; say: (line: string) => void }): Promise<Result> {
  const sizes = brief ? [5, 10] : [10, 30, 100, 300, 1000];
  const [changes, rounds] = brief ? [4, 1] : [40, 5];
  const database = await openBenchDatabase(Math.max(...sizes) + 4);
  const server = await startParley(database.env);
  const found: Found[] = [];
  try {
    const devices: Device[] = [];
    // Two who call each other and hang up: each call is one change of presence for both, there and back.
    const [ada, grace] = [Math.max(...sizes), Math.max(...sizes) + 1];
    const [caller, callee] = [
      await Device.open(server.url, database, ada),
      await Device.open(server.url, database, grace),
    ];
    const change = async (): Promise<void> => {
      const body = { teamId: TEAM, channelId: null, callType: 'audio', recipientIds: [idOf('person', grace)] };
      const { id } = await caller.command('create', body);
      await caller.command('cancel', {}, id);
    };
    // Without anybody who listens: what the calls themselves take.
    for (let n = 0; n < changes; n += 1) await change();
    for (const people of [0, ...sizes]) {
      const from = devices.length;
      const more = await inGroups(people - from, 25, (n) => Device.open(server.url, database, from + n));
      devices.push(...more);
      await Promise.all(
        more.map((device) => {
          const subscribed = device.next(({ t }) => t === 'subscribed');
          device.send({ t: 'subscribe', topic: `team:${TEAM}` });
          return subscribed;
        }),
      );
      for (let round = 0; round < rounds; round += 1) {
        const bytes = devices.reduce((sum, device) => sum + device.bytes, 0);
        const cpu = await server.cpuMs();
        for (let n = 0; n < changes; n += 1) await change();
        const microsPerChange = (((await server.cpuMs()) - cpu) * 1000) / changes;
        const after = devices.reduce((sum, device) => sum + device.bytes, 0);
        found.push({ people, microsPerChange, bytesPerChange: people === 0 ? 0 : (after - bytes) / people / changes });
      }
      say(`${people} people: ${found.at(-1)?.microsPerChange.toFixed(0)} µs a call`);
    }
    callee.close();
    return report(found, sizes);
  } finally {
    await server.stop();
    await database.close();
  }
}

function report(found: readonly Found[], sizes: readonly number[]): Result {
  const at = (people: number, figure: keyof Found) =>
    median(found.filter((one) => one.people === people).map((one) => one[figure]));
  const alone = at(0, 'microsPerChange');
  const perDelivery = (people: number) => (at(people, 'microsPerChange') - alone) / people;
  const line = lineOf(found.map(({ people, microsPerChange }) => ({ r: people, ms: microsPerChange })));
  const [most = 0, some = 0] = [sizes.at(-1), sizes.at(-3)];
  const growth = perDelivery(most) / perDelivery(some);
  const bytes = at(most, 'bytesPerChange') / at(some, 'bytesPerChange');
  return {
    figures: found,
    table: {
      columns: ['people', 'processor for a call made and taken back', 'for each of them', 'bytes for each of them'],
      rows: sizes.map((people) => [
        people,
        `${(at(people, 'microsPerChange') / 1000).toFixed(1)} ms`,
        `${perDelivery(people).toFixed(1)} µs`,
        Math.round(at(people, 'bytesPerChange')),
      ]),
      notes: [
        `With nobody who listens ${(alone / 1000).toFixed(1)} ms; the line through all has ${line.slope.toFixed(1)} µs a person.`,
      ],
    },
    aims: [
      {
        aim: `fanout: µs a delivery flat from ${some} to ${most} people`,
        found: `${growth.toFixed(2)}×`,
        met: sizes.length < 3 ? null : growth <= 1.2,
      },
      {
        aim: `fanout: bytes a client flat from ${some} to ${most} people`,
        found: `${bytes.toFixed(2)}×`,
        met: sizes.length < 3 ? null : bytes <= 1.1,
      },
    ],
    svg: curve('A change of presence, told to all', 'people', 'processor, ms', [
      {
        name: 'parley',
        points: found.map(({ people, microsPerChange }) => ({ x: people, y: microsPerChange / 1000 })),
      },
    ]),
  };
}

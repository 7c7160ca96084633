// How a call of many grows: what each thing that happens in it costs the server and each client, with 10, 50, 200 and 1,000 people
// who have a socket and no media, and what the media server does for 10, 25 and 50 who hear two speak. `PARLEY_BENCH_LARGE=10,50`
// takes other numbers, `PARLEY_BENCH_MEDIA=` none with media. Costs are reported and never asserted; that a message does not grow
// with the call is a test (tools/test/bench-large.test.ts).
import { isBackend } from '../lib/database.ts';
import { measureMedia, mediaReady } from './media.mjs';
import { openPlace, openTeam } from './place.mjs';
import { measure } from './signalling.mjs';

/** @typedef {Awaited<ReturnType<typeof measure>>} Measured */
/** @typedef {Awaited<ReturnType<typeof measureMedia>>} Media */

/** @param {string | undefined} list @param {number[]} otherwise */
const numbers = (list, otherwise) => (list === undefined ? otherwise : list.split(',').filter(Boolean).map(Number));

const SIZES = numbers(process.env.PARLEY_BENCH_LARGE, [10, 50, 200, 1000]);
const MEDIA_SIZES = numbers(process.env.PARLEY_BENCH_MEDIA, [10, 25, 50]);

export const isOurs = isBackend;

export async function run() {
  const signalling = await withPlace({}, SIZES, async (place, team) => {
    const measured = [];
    for (const people of SIZES) measured.push(await measure(place, team, people));
    return { postgres: place.postgres, measured };
  });
  let lack = MEDIA_SIZES.length === 0 ? 'not asked for' : null;
  const media = await withPlace({ livekit: true }, lack === null ? MEDIA_SIZES : [2], async (place, team) => {
    lack ??= await mediaReady(place);
    /** @type {Media[]} */
    const measured = [];
    if (lack === null) for (const people of MEDIA_SIZES) measured.push(await measureMedia(place, team, people));
    return measured;
  });
  return { figures: { ...signalling, media, mediaLack: lack }, table: tableOf(signalling, media, lack) };
}

/** @template T @param {{ livekit?: boolean }} options @param {number[]} sizes @param {(place: Awaited<ReturnType<typeof openPlace>>, team: Awaited<ReturnType<typeof openTeam>>) => Promise<T>} work */
async function withPlace(options, sizes, work) {
  const place = await openPlace(options);
  try {
    return await work(place, await openTeam(place, Math.max(...sizes)));
  } catch (error) {
    process.stderr.write(place.server.output.slice(-2000));
    throw error;
  } finally {
    await place.close();
  }
}

/** @param {number} value */
const short = (value) => (value >= 100 ? value.toFixed(0) : value >= 10 ? value.toFixed(1) : value.toFixed(2));
/** @param {number} bytes */
const kilobytes = (bytes) => `${short(bytes / 1000)} kB`;
/** @param {number} value */
const ms = (value) => `${short(value)} ms`;

/** @param {{ postgres: boolean, measured: Measured[] }} signalling @param {Media[]} media @param {string | null} lack */
function tableOf({ postgres, measured }, media, lack) {
  /** @param {string} name @param {(one: Measured) => string} pick */
  const row = (name, pick) => [name, ...measured.map(pick)];
  /** @param {string} name @param {'connecting' | 'joins' | 'departures' | 'mutes' | 'handovers'} what */
  const things = (name, what) => [
    row(`${name}: server`, (one) => ms(one[what].server)),
    row(`${name}: database`, (one) => ms(one[what].database)),
    row(`${name}: to each client`, (one) => kilobytes(one[what].bytes)),
    row(`${name}: server, for each client`, (one) => `${short(one[what].delivery)} µs`),
  ];
  const sound = media.map(
    (one) =>
      `With sound, ${one.people} people of whom ${one.speakers} speak: ${short(one.kbps)} kbit/s to a listener ` +
      `(at most ${short(one.mostKbps)}), the media server takes ${short(one.sfu / 10)} % of a core, ` +
      `${short(one.flow)} ms a second for each flow, and ${ms(one.joins.sfu)} for each who comes in.`,
  );
  return {
    columns: ['people', ...measured.map(({ people }) => String(people))],
    rows: [
      ...things('a socket', 'connecting'),
      ...things('a join', 'joins'),
      row('until all are in', (one) => `${short(one.joins.seconds)} s`),
      ...things('a mute', 'mutes'),
      ...things('the word passes on', 'handovers'),
      ...things('a departure', 'departures'),
      row('a second in which nothing happens: server', (one) => ms(one.idleSecond.server)),
      row('memory of the server, all in the call', (one) => `${short(one.memory.inCall)} MB`),
      row('commands sent again', (one) => String(one.again)),
    ],
    notes: [
      `Milliseconds of processor for one; signalling alone, ${postgres ? 'Postgres' : 'the embedded database'}, 20 come in at a time.`,
      ...sound,
      ...(lack === null ? [] : [`Media was not measured: ${lack}.`]),
    ],
  };
}

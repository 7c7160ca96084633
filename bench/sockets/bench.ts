// What a signed-in idle socket costs in memory, and a relayed message in time on the processor: Parley, `ws` alone, Socket.IO.
import { randomUUID } from 'node:crypto';
import { io } from 'socket.io-client';
import { Child, startParley } from '../lib/child.ts';
import { type BenchDatabase, databaseLack, idOf, isBackend, openBenchDatabase, TEAM } from '../lib/database.ts';
import { Device, inGroups } from '../lib/device.ts';
import { interval, type Result, ratioAim } from '../lib/report.ts';
import { roundsOf } from '../lib/size.ts';
import { lineOf, median, medianRatio, type Point } from '../lib/stats.ts';
import { turnsOf } from '../lib/turns.ts';

export const smoke = true;
export const isOurs = isBackend;
const lacking = await databaseLack();
export const lack = (): string | undefined => lacking;

interface Peer {
  /** Sends to its partner, who counts. */
  relay(payload: string): void;
  readonly received: () => number;
  close(): void;
}
interface Side {
  readonly name: string;
  readonly server: Child;
  open(n: number): Promise<Peer>;
  /** What has to be there before numbers 2k and 2k + 1 can talk. */
  pair(one: Peer, other: Peer, k: number): Promise<void>;
}

interface Size {
  readonly counts: readonly number[];
  readonly pairs: number;
  readonly messages: number;
  readonly rounds: number;
}

const PAYLOAD = 'x'.repeat(300);

export async function run({ smoke: brief, say }: { smoke: boolean; say: (line: string) => void }): Promise<Result> {
  const size: Size = brief
    ? { counts: [20, 40], pairs: 2, messages: 50, rounds: 1 }
    : { counts: [500, 1000, 1500, 2000], pairs: 20, messages: 500, rounds: roundsOf(5, brief) };
  const database = await openBenchDatabase(Math.max(...size.counts) + 1);
  const sides: Side[] = [];
  try {
    sides.push(await parleySide(database));
    sides.push(plainSide('ws', await Child.start('bench/lib/servers/ws.mjs')));
    sides.push(socketIoSide(await Child.start('bench/lib/servers/socket-io.mjs')));
    const memory: Record<string, Point[]> = {};
    const cpu: Record<string, number[]> = {};
    for (const side of sides) {
      const found = await measureMemory(side, size);
      memory[side.name] = found;
      say(`${side.name}: ${(lineOf(found).slope / 1000).toFixed(1)} kB a socket`);
    }
    const talks = await Promise.all(sides.map((side) => openTalk(side, size)));
    for (const talk of turnsOf(talks, size.rounds)) {
      const micros = await talk.once();
      cpu[talk.name] = [...(cpu[talk.name] ?? []), micros];
      say(`${talk.name}: ${micros.toFixed(1)} µs a message`);
    }
    return report(memory, cpu);
  } finally {
    for (const { server } of sides) await server.stop();
    await database.close();
  }
}

/** Bytes on the heap at each number of sockets: the slope is what one takes. */
async function measureMemory(side: Side, { counts }: Size): Promise<Point[]> {
  const peers: Peer[] = [];
  const points: Point[] = [];
  // What is loaded and compiled for the first one is not the socket's.
  const first = await side.open(0);
  first.close();
  for (const count of counts) {
    const from = peers.length;
    peers.push(...(await inGroups(count - from, 50, (n) => side.open(from + n))));
    for (let look = 0; look < 3; look += 1) points.push({ r: count, ms: (await side.server.figures()).heap });
  }
  for (const peer of peers) peer.close();
  await new Promise((resolve) => setTimeout(resolve, 200));
  return points;
}

async function openTalk(side: Side, { pairs, messages }: Size): Promise<{ name: string; once(): Promise<number> }> {
  const peers = await inGroups(pairs * 2, 10, (n) => side.open(n));
  const two = Array.from({ length: pairs }, (_, k) => [peers[2 * k], peers[2 * k + 1]] as const);
  for (const [k, [one, other]] of two.entries()) if (one && other) await side.pair(one, other, k);
  return {
    name: side.name,
    once: async () => {
      const before = two.map(([, other]) => other?.received() ?? 0);
      const cpuBefore = await side.server.cpuMs();
      for (let sent = 0; sent < messages; sent += 1) {
        for (const [one] of two) one?.relay(PAYLOAD);
        // A turn of the loop between them, so that they are read one after the other, as they come in life.
        if (sent % 5 === 4) await new Promise((resolve) => setImmediate(resolve));
      }
      const done = () => two.every(([, other], k) => (other?.received() ?? 0) - (before[k] ?? 0) >= messages);
      const end = Date.now() + 60_000;
      while (!done()) {
        if (Date.now() > end) throw new Error(`${side.name}: messages were lost.`);
        await new Promise((resolve) => setTimeout(resolve, 5));
      }
      return (((await side.server.cpuMs()) - cpuBefore) * 1000) / (messages * pairs);
    },
  };
}

async function parleySide(database: BenchDatabase): Promise<Side> {
  const server = await startParley(database.env);
  const calls = new Map<Peer, { device: Device; callId: string; to: string }>();
  const devices = new Map<Peer, Device>();
  return {
    name: 'parley',
    server,
    open: async (n) => {
      const device = await Device.open(server.url, database, n);
      let received = 0;
      device.on(({ t }) => {
        if (t === 'relay') received += 1;
      });
      const peer: Peer = {
        relay: (payload) => {
          const call = calls.get(peer);
          if (call) device.send({ t: 'relay', callId: call.callId, to: call.to, epoch: 1, generation: 1, payload });
        },
        received: () => received,
        close: () => device.close(),
      };
      devices.set(peer, device);
      return peer;
    },
    pair: async (one, other, k) => {
      const [caller, callee] = [devices.get(one), devices.get(other)];
      if (!caller || !callee) throw new Error('No such pair.');
      const [from, to] = [2 * k, 2 * k + 1];
      const body = { teamId: TEAM, channelId: null, callType: 'audio', recipientIds: [idOf('person', to)] };
      const { id } = await caller.command('create', body);
      await callee.command('accept', {}, id);
      calls.set(one, { device: caller, callId: id, to: idOf('instance', to) });
      calls.set(other, { device: callee, callId: id, to: idOf('instance', from) });
    },
  };
}

const plainSide = (name: string, server: Child): Side => ({
  name,
  server,
  open: async (n) => {
    const socket = new WebSocket(server.url.replace(/^http/, 'ws'));
    let received = 0;
    await new Promise<void>((resolve) => {
      socket.onmessage = ({ data }) => {
        if (JSON.parse(String(data)).t === 'welcome') resolve();
        else received += 1;
      };
      socket.onopen = () =>
        socket.send(JSON.stringify({ t: 'hello', instanceId: idOf('instance', n), token: randomUUID() }));
    });
    const to = idOf('instance', n % 2 === 0 ? n + 1 : n - 1);
    return {
      relay: (payload) =>
        socket.send(JSON.stringify({ t: 'relay', callId: TEAM, to, epoch: 1, generation: 1, payload })),
      received: () => received,
      close: () => socket.close(),
    };
  },
  pair: async () => {},
});

const socketIoSide = (server: Child): Side => ({
  name: 'socket.io',
  server,
  open: async (n) => {
    const socket = io(server.url, { transports: ['websocket'], forceNew: true, reconnection: false });
    let received = 0;
    socket.on('relay', () => {
      received += 1;
    });
    await new Promise<void>((resolve, reject) => {
      socket.once('connect_error', reject);
      socket.emit('hello', { instanceId: idOf('instance', n), token: randomUUID() }, resolve);
    });
    const to = idOf('instance', n % 2 === 0 ? n + 1 : n - 1);
    return {
      relay: (payload) => socket.emit('relay', { t: 'relay', callId: TEAM, to, epoch: 1, generation: 1, payload }),
      received: () => received,
      close: () => socket.disconnect(),
    };
  },
  pair: async () => {},
});

function report(memory: Record<string, Point[]>, cpu: Record<string, number[]>): Result {
  const bytes = (name: string) => lineOf(memory[name] ?? []).slope;
  const bare = cpu.ws ?? [];
  const rows = Object.keys(memory).map((name) => {
    const times = name === 'ws' ? '1.00' : interval(medianRatio(cpu[name] ?? [], bare));
    return [
      name,
      `${(bytes(name) / 1000).toFixed(1)} kB`,
      (bytes(name) / bytes('ws')).toFixed(2),
      `${median(cpu[name] ?? []).toFixed(1)} µs`,
      times,
    ];
  });
  const heap = bytes('parley') / bytes('ws');
  return {
    figures: { memory, cpu },
    table: {
      columns: ['', 'memory of a socket', 'times ws', 'processor for a relayed message', 'times ws'],
      rows,
      notes: ['Memory is what is left on and beside the heap after a collection; 300 characters of payload.'],
    },
    aims: [
      ratioAim('sockets: memory at most 1.5 times that of ws', { value: heap, low: heap, high: heap }, 1.5),
      ratioAim('sockets: a relayed message at most 1.2 times that of ws', medianRatio(cpu.parley ?? [], bare), 1.2),
    ],
  };
}

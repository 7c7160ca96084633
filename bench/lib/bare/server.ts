/**
 * What a plain page needs to ring and to talk: one file, a `ws` relay, and for each ring one commit of the very rows that Parley
 * writes. Nothing else: no accounts, no rules, no history. `node server.ts FOLDER PORT [LIVEKIT]`; says `ready` when it listens. With
 * the address of a LiveKit (http://) it also hands out a page of bare `livekit-client` and tokens for one room there.
 */
import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { migratePGlite } from '../../../packages/server/src/node/migrate.ts';
import { openPGlite, startPGlite } from '../../../packages/server/src/node/pglite.ts';
import { createCall } from '../../../packages/server/src/store/create-call.ts';
import { makePerson, makeTeam } from '../../../packages/server/test/support/people.ts';
import { joinToken, makeRoom } from '../media-server.ts';

const ROOM = 'bare';
const [folder = '', port = '0', mediaUrl = ''] = process.argv.slice(2);
const page = await readFile(join(import.meta.dirname, 'page.html'));
const groupPage = await readFile(join(import.meta.dirname, 'livekit.html'));
const livekit = await readFile(
  join(import.meta.dirname, '../../../node_modules/livekit-client/dist/livekit-client.umd.js'),
).catch(() => Buffer.alloc(0));
const pglite = await startPGlite(join(folder, 'bare'));
await migratePGlite(pglite);
const db = openPGlite(pglite);

type Ws = typeof import('ws');
// The very library of the server.
const { WebSocketServer }: Ws = createRequire(new URL('../../../packages/server/package.json', import.meta.url))('ws');
type Socket = import('ws').WebSocket;
const sockets = new Map<string, Socket>();
/** Two people who have never called each other: a call that is live would be found instead of made. */
const newPair = async () => {
  const people = [await makePerson(db, 'Ada'), await makePerson(db, 'Grace')] as const;
  return { people, team: await makeTeam(db, people) };
};
let next = await newPair();

/** @returns the id of the call */
async function commitRing(callType: 'audio' | 'video'): Promise<string> {
  const {
    people: [ada, grace],
    team,
  } = next;
  const outcome = await createCall(
    { query: db.once },
    {
      sender: { userId: ada.id, deviceId: ada.deviceId, instanceId: ada.instanceId, leaseMs: 30_000 },
      key: randomUUID(),
      bodyHash: '0'.repeat(64),
      callId: randomUUID(),
      roomName: randomUUID(),
      teamId: team.id,
      channelId: null,
      callType,
      recipientIds: [grace.id],
      engine: 'p2p',
      ringTimeoutMs: 30_000,
      maxLiveCalls: 3,
      skewMs: 0,
    },
  );
  if (outcome.outcome !== 'created') throw new Error(`The ring was not made: ${outcome.outcome}.`);
  return outcome.stored.call.id;
}

if (mediaUrl !== '') await makeRoom(mediaUrl, ROOM);
const server = createServer((request, response) => {
  const { pathname, searchParams } = new URL(request.url ?? '/', 'http://bare');
  const say = (type: string, body: string | Buffer) => response.setHeader('content-type', type).end(body);
  if (pathname === '/livekit-client.js') say('text/javascript', livekit);
  else if (pathname === '/livekit.html') say('text/html', groupPage);
  else if (pathname === '/token') {
    const token = joinToken(searchParams.get('who') ?? '', ROOM);
    say('application/json', JSON.stringify({ url: mediaUrl.replace(/^http/, 'ws'), token }));
  } else say('text/html', page);
});
new WebSocketServer({ server, perMessageDeflate: false }).on('connection', (socket) => {
  let self = '';
  socket.on('error', () => undefined);
  socket.on('close', () => sockets.delete(self));
  socket.on('message', (data) => {
    const text = String(data);
    const message = JSON.parse(text) as { t: string; who?: string; to?: string; callType?: 'audio' | 'video' };
    if (message.t === 'hello') {
      self = message.who ?? '';
      sockets.set(self, socket);
      socket.send('{"t":"welcome"}');
    } else if (message.t === 'ring') {
      void commitRing(message.callType ?? 'audio').then(async (callId) => {
        const ring = {
          t: 'ring',
          callId,
          caller: { id: self, displayName: 'Ada Lovelace' },
          callType: message.callType,
        };
        sockets.get(message.to ?? '')?.send(JSON.stringify(ring));
        socket.send(JSON.stringify({ t: 'ack', callId }));
        next = await newPair();
      });
    } else {
      sockets.get(message.to ?? '')?.send(text);
    }
  });
});
server.listen(Number(port), '0.0.0.0', () => process.stdout.write('ready\n'));
process.once('SIGTERM', () => process.exit(0));

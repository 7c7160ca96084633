import { clientAddress, ownOrigin } from '../../src/node/addresses.ts';
import { compose } from '../../src/node/compose.ts';
import { readConfig } from '../../src/node/config.ts';
import { closeServer, listen } from '../../src/node/http-server.ts';
import { createPasswordHasher } from '../../src/node/password-hash.ts';
import { serveSockets } from '../../src/node/sockets.ts';
import type { Database } from '../../src/ports/database.ts';
import type { Hub } from '../../src/realtime/hub.ts';

/** Little work for a password: many sign up in tests. */
const PASSWORD_WORK = 10;

/** Turns a text that goes out into another: a server that lies. */
export type Lie = (text: string) => string;

/** The server as it is run, on a free port of this process. `lie` falsifies whatever it says, by request and by socket. */
export async function openServer(db: Database, env: Record<string, string>, lie?: Lie) {
  const config = readConfig({ PORT: '0', PARLEY_DEMO: '0', PARLEY_LIVEKIT: 'off', ...env });
  let parley: Awaited<ReturnType<typeof compose>> | undefined;
  const { server, port } = await listen(config, () => {
    const fetch = parley?.app.fetch;
    return fetch && lie ? async (request, more) => falsified(await fetch(request, more), lie) : fetch;
  });
  const sockets = serveSockets(server, {
    hub: () => (parley && lie ? lying(parley.hub, lie) : parley?.hub),
    media: () => null,
    isOwn: ownOrigin(config, port),
    stranger: () => undefined,
    addressOf: (incoming) => clientAddress(incoming, config.trustedProxies),
  });
  const ignore = () => undefined;
  const log = { info: ignore, warn: ignore, error: ignore };
  parley = await compose(config, { db, port, log, passwords: createPasswordHasher(PASSWORD_WORK) });
  const { drain, stop } = parley;
  return {
    url: `http://127.0.0.1:${port}`,
    async close(): Promise<void> {
      const requests = closeServer(server, 500);
      await drain(500);
      await Promise.all([requests, sockets.close(500)]);
      await stop();
    },
  };
}

async function falsified(answer: Response, lie: Lie): Promise<Response> {
  const { status, headers } = answer;
  if (!/json/.test(headers.get('content-type') ?? '')) return answer;
  const kept = new Headers(headers);
  kept.delete('content-length');
  return new Response(lie(await answer.text()), { status, headers: kept });
}

const lying = (hub: Hub, lie: Lie): Hub => ({
  ...hub,
  connect: (socket) =>
    hub.connect({
      send: (text) => socket.send(lie(text)),
      close: (code, reason) => socket.close(code, reason),
      get bufferedAmount() {
        return socket.bufferedAmount;
      },
    }),
});

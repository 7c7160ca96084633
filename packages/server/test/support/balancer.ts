import { createConnection, createServer, type Socket } from 'node:net';

/**
 * What stands before the nodes: each connection goes to the next of those that take one. It knows nothing of people, so that nobody sticks
 * to a node.
 */
export async function openBalancer(targets: () => readonly { readonly url: string }[]) {
  let turn = 0;
  const open = new Set<Socket>();
  const server = createServer({ allowHalfOpen: true }, (client) => {
    client.pause();
    client.on('error', () => client.destroy());
    track(client);
    const rest = [...targets()];
    turn += 1;
    rest.push(...rest.splice(0, turn % Math.max(rest.length, 1)));
    const next = () => {
      const target = rest.shift();
      if (target === undefined) return client.destroy();
      const { hostname, port } = new URL(target.url);
      const node = createConnection({ host: hostname === 'localhost' ? '127.0.0.1' : hostname, port: Number(port) });
      track(node);
      let connected = false;
      node.on('connect', () => {
        connected = true;
        client.pipe(node).pipe(client);
      });
      node.on('error', () => (connected ? client.destroy() : next()));
      client.on('close', () => node.destroy());
    };
    next();
  });
  function track(socket: Socket): void {
    open.add(socket);
    socket.on('close', () => open.delete(socket));
  }
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no address');
  return {
    url: `http://127.0.0.1:${address.port}`,
    async close(): Promise<void> {
      for (const socket of open) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

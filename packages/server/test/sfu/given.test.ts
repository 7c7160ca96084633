import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { type ProvidedMedia, provideMedia } from '../../src/node/sfu/provide.ts';
import { KEYS, type LiveKitNode, startLiveKit, withLiveKit } from '../support/livekit.ts';

withLiveKit('a media server that somebody else runs', () => {
  let node: LiveKitNode;
  let media: ProvidedMedia | null = null;
  const said: string[] = [];

  beforeAll(async () => {
    node = await startLiveKit();
  });
  afterAll(() => node?.kill());
  afterEach(() => media?.stop());

  const provide = (secret = KEYS.secret) => {
    media = provideMedia(
      { kind: 'given', url: node.joinUrl, publicUrl: 'wss://sfu.example.test', key: KEYS.key, secret },
      {
        dataDir: '/nowhere',
        host: '127.0.0.1',
        loopback: true,
        publicUrl: null,
        localUrl: 'http://localhost:3000',
        stunUrls: [],
        log: { info: () => {}, warn: () => {}, error: () => {} },
        say: (line) => said.push(line),
      },
    );
    return media?.server;
  };
  const becomes = (state: string) => expect.poll(() => media?.server.state(), { timeout: 20_000 }).toBe(state);

  it('is ready once it takes the keys; clients get its public address, and nothing passes through here', async () => {
    expect(provide()?.state()).toBe('starting');
    await becomes('ready');
    expect(media?.server.publicUrl()).toBe('wss://sfu.example.test');
    expect(media?.target()).toBeNull();
    expect(said).toEqual([]);
  });

  it('that goes away is starting until it is back', async () => {
    provide();
    await becomes('ready');
    await node.kill();
    await becomes('starting');
    await node.start();
    await becomes('ready');
  });

  it('that does not take the keys is said once, by the names of the variables, and is not used', async () => {
    const server = provide('another-secret-of-32-characters-or-more');
    await expect.poll(() => said, { timeout: 20_000 }).toHaveLength(1);
    expect(said[0]).toMatch(/LIVEKIT_API_KEY.*LIVEKIT_API_SECRET/);
    expect(said[0]).not.toContain('another-secret');
    expect(server?.state()).toBe('starting');
  });
});

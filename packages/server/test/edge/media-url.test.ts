import { Hono } from 'hono';
import { expect, it } from 'vitest';
import { absoluteMediaUrl } from '../../src/http/media-url.ts';

const answer = async (url: string | null, at: string, origin?: string) => {
  const app = new Hono().get('/', (c) => c.json(absoluteMediaUrl(c, url)));
  return (await app.request(at, { headers: origin === undefined ? {} : { origin } })).json();
};

it.each([
  ['http://localhost:3000/', undefined, 'ws://localhost:3000/livekit'],
  ['http://192.0.2.7:3000/', 'http://192.0.2.7:3000', 'ws://192.0.2.7:3000/livekit'],
  // A proxy has ended TLS.
  ['http://calls.example.test/', 'https://calls.example.test', 'wss://calls.example.test/livekit'],
  // A page of another site, which may use the API.
  ['http://localhost:3000/', 'https://app.example.test', 'ws://localhost:3000/livekit'],
  ['http://localhost:3000/', 'null', 'ws://localhost:3000/livekit'],
])('whoever asks at %s from %s finds our own media server at %s%s', async (at, origin, expected) => {
  expect(await answer('/livekit', at, origin)).toBe(expected);
});

it('an address that is one, or none, stays as it is', async () => {
  expect(await answer('wss://sfu.example.test', 'http://localhost:3000/')).toBe('wss://sfu.example.test');
  expect(await answer(null, 'http://localhost:3000/')).toBeNull();
});

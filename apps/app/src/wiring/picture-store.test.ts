import { expect, it, vi } from 'vitest';
import { dataUri, PictureStore } from './picture-store';

const settled = () => new Promise((resolve) => setImmediate(resolve));

it('loads the picture of somebody who is wanted, once, and tells', async () => {
  const load = vi.fn(async (userId: string, hash: string) => `${userId} ${hash}`);
  const store = new PictureStore(load);
  const told = vi.fn();
  store.subscribe(told);
  store.know(new Map([['ada', 'h1']]));
  expect(load).not.toHaveBeenCalled();
  store.want('ada');
  store.want('ada');
  store.want('grace');
  await settled();
  expect(load).toHaveBeenCalledTimes(1);
  expect([store.get('ada'), store.get('grace')]).toEqual(['ada h1', null]);
  expect(told).toHaveBeenCalledTimes(2);
});

it('follows another picture, and goes back to initials when it is taken away', async () => {
  const store = new PictureStore(async (_, hash) => hash);
  store.want('ada');
  store.know(new Map([['ada', 'h1']]));
  await settled();
  store.know(new Map([['ada', 'h2']]));
  expect(store.get('ada')).toBeNull();
  await settled();
  expect(store.get('ada')).toBe('h2');
  store.know(new Map());
  expect(store.get('ada')).toBeNull();
});

it('asks again for one that could not be had', async () => {
  let fails = true;
  const store = new PictureStore(async () => {
    if (fails) throw new Error('network');
    return 'picture';
  });
  store.know(new Map([['ada', 'h1']]));
  store.want('ada');
  await settled();
  expect(store.get('ada')).toBeNull();
  fails = false;
  store.want('ada');
  await settled();
  expect(store.get('ada')).toBe('picture');
});

it('writes bytes as an address that holds them', () => {
  expect(dataUri('image/webp', new Uint8Array([0, 255, 16]))).toBe('data:image/webp;base64,AP8Q');
  const large = new Uint8Array(100_000).fill(65);
  expect(dataUri('image/jpeg', large)).toBe(`data:image/jpeg;base64,${Buffer.from(large).toString('base64')}`);
});

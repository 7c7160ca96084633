import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

/** As in `tools/lib/mutations.mjs`, which is plain JavaScript. */
interface Mutation {
  readonly name: string;
  readonly file: string;
  readonly from: string;
  readonly to: string;
}

const source = new URL('../lib/mutations.mjs', import.meta.url).href;
const { MUTATIONS } = (await import(source)) as { readonly MUTATIONS: readonly Mutation[] };
const root = join(import.meta.dirname, '..', '..');

describe('the mistakes that the simulator has to find', () => {
  it('are twenty at least, each with a name of its own', () => {
    expect(MUTATIONS.length).toBeGreaterThanOrEqual(20);
    expect(new Set(MUTATIONS.map(({ name }) => name)).size).toBe(MUTATIONS.length);
  });

  // Sources move on: a mistake that can no longer be planted would prove nothing.
  it.each(MUTATIONS)('$name can be planted into $file', async ({ file, from, to }) => {
    const text = await readFile(join(root, file), 'utf8');
    expect(text.split(from)).toHaveLength(2);
    expect(to).not.toBe(from);
  });
});

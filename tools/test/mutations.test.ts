import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { MUTATIONS } from '../lib/mutations.mjs';

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

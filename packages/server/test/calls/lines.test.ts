import { describe, expect, it } from 'vitest';
import { Lines } from '../../src/usecases/lines.ts';

describe('Lines', () => {
  it('does one thing after another for a key, whatever became of the one before, and others beside it', async () => {
    const lines = new Lines();
    const said: string[] = [];
    let finish = (): void => {};
    const first = lines.run('a', async () => {
      said.push('first begins');
      await new Promise<void>((resolve) => {
        finish = resolve;
      });
      said.push('first ends');
      throw new Error('in vain');
    });
    const second = lines.run('a', async () => said.push('second'));
    await lines.run('b', async () => said.push('other'));
    expect(said).toEqual(['first begins', 'other']);
    finish();
    await expect(first).rejects.toThrow('in vain');
    await second;
    expect(said).toEqual(['first begins', 'other', 'first ends', 'second']);
    expect(await lines.run('a', async () => 3)).toBe(3);
  });
});

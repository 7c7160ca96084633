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

  it('takes several in one order, whatever the order in which they are named, so that nobody waits for each other', async () => {
    const lines = new Lines();
    const said: string[] = [];
    let begin = (): void => {};
    const gate = new Promise<void>((resolve) => {
      begin = resolve;
    });
    const work = (name: string) => async () => {
      said.push(`${name} begins`);
      await gate;
      said.push(`${name} ends`);
    };
    const all = [
      lines.runAll(['b', 'a', 'b'], work('one')),
      lines.runAll(['a', 'b'], work('two')),
      lines.run('b', work('three')),
    ];
    begin();
    await Promise.all(all);
    expect(said).toHaveLength(6);
    // Never two at once: each ends before another begins.
    for (let i = 0; i < said.length; i += 2) expect(said[i + 1]).toBe(said[i]?.replace('begins', 'ends'));
  });
});

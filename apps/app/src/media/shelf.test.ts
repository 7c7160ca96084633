import { describe, expect, it } from 'vitest';
import { Shelf, type Shelved } from './shelf';

function bench() {
  const said: string[] = [];
  const due = new Map<number, () => void>();
  let timers = 0;
  const player = (name: string): Shelved => ({
    park: () => void said.push(`${name} parked`),
    dispose: () => void said.push(`${name} gone`),
  });
  const shelf = new Shelf<Shelved>({
    setTimeout: (run) => {
      timers += 1;
      due.set(timers, run);
      return timers;
    },
    clearTimeout: (handle) => due.delete(Number(handle)),
  });
  const pass = () => {
    for (const run of due.values()) run();
    due.clear();
  };
  return { shelf, player, said, pass };
}

describe('players that outlive their screen', () => {
  it('hands the one that was left to whoever comes next, once', () => {
    const { shelf, player, said, pass } = bench();
    const grace = player('grace');
    expect(shelf.take('grace')).toBeNull();
    shelf.leave('grace', grace);
    expect(shelf.take('ada')).toBeNull();
    expect(shelf.take('grace')).toBe(grace);
    expect(shelf.take('grace')).toBeNull();
    pass();
    expect(said).toEqual(['grace parked']);
  });

  it('lets go of what nobody has taken for a while', () => {
    const { shelf, player, said, pass } = bench();
    shelf.leave('grace', player('grace'));
    pass();
    expect(said).toEqual(['grace parked', 'grace gone']);
    expect(shelf.take('grace')).toBeNull();
  });

  it('keeps one of each', () => {
    const { shelf, player, said } = bench();
    const newer = player('newer');
    shelf.leave('grace', player('older'));
    shelf.leave('grace', newer);
    expect(said).toEqual(['older parked', 'older gone', 'newer parked']);
    expect(shelf.take('grace')).toBe(newer);
  });
});

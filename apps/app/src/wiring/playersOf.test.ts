import { describe, expect, it } from 'vitest';
import { playersOf } from './playersOf';

const stream = (id: string) => ({ id, getTracks: () => [] });
const NOBODY = new Map<string, string>();

describe('who is played', () => {
  it('has a player while it rings, and the same one after the accept', () => {
    const sound = stream('s1');
    const ringing = playersOf([{ userId: 'grace', stream: null }], [{ userId: 'grace', stream: sound }], NOBODY);
    expect(ringing).toEqual([{ key: 's1', userId: 'grace', stream: sound, taking: false }]);
    const accepted = playersOf([{ userId: 'grace', stream: sound }], [], NOBODY);
    expect(accepted).toEqual([{ key: 's1', userId: 'grace', stream: sound, taking: true }]);
  });

  it('keeps the player when another path brings another stream, or none for a while', () => {
    const known = new Map([['grace', 's1']]);
    expect(playersOf([{ userId: 'grace', stream: stream('s2') }], [], known)[0]?.key).toBe('s1');
    expect(playersOf([{ userId: 'grace', stream: null }], [], known)[0]).toMatchObject({ key: 's1', stream: null });
  });

  it('has none for somebody of whom nothing has come yet', () => {
    expect(playersOf([{ userId: 'grace', stream: null }], [], NOBODY)).toEqual([]);
  });
});

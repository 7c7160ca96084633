import { describe, expect, it } from 'vitest';
import { type Played, SoundPlayer, type Voice } from './soundPlayer';

class FakeVoice implements Voice<string> {
  readonly said: string[];
  readonly name: string;
  sound: string | null = null;
  stopped = false;
  volume = 1;
  answer: ((played: Played) => void) | null = null;

  constructor(name: string, said: string[]) {
    this.name = name;
    this.said = said;
  }
  async sendTo(output: string | null): Promise<boolean> {
    this.said.push(`${this.name} to ${output ?? 'the default'}`);
    return output !== 'gone';
  }
  play(sound: string): Promise<Played> {
    this.sound = sound;
    this.said.push(`${this.name} begins ${sound} at ${this.volume}`);
    return new Promise((resolve) => {
      this.answer = resolve;
    });
  }
  setVolume(volume: number): void {
    this.volume = volume;
  }
  stop(): void {
    this.stopped = true;
    this.said.push(`${this.name} stops`);
  }
}

function bench() {
  const said: string[] = [];
  const voices: FakeVoice[] = [];
  const levels: (readonly number[])[] = [];
  const player = new SoundPlayer<string>({
    voice: () => {
      const voice = new FakeVoice(`voice ${voices.length + 1}`, said);
      voices.push(voice);
      return voice;
    },
    wait: async () => {
      levels.push(voices.map(({ volume }) => volume));
    },
    blocked: () => said.push('blocked'),
    playing: () => said.push('playing'),
    outputRefused: () => said.push('refused'),
  });
  const settle = () => new Promise((resolve) => setImmediate(resolve));
  const answer = async (index: number, played: Played = 'playing') => {
    voices[index]?.answer?.(played);
    await settle();
  };
  return { said, voices, levels, player, settle, answer };
}

describe('the sound of a person whose stream changes', () => {
  it('is sent to its device before it plays', async () => {
    const { player, said, settle, answer } = bench();
    void player.show('old', 'headset');
    await settle();
    await answer(0);
    expect(said).toEqual(['voice 1 to headset', 'voice 1 begins old at 1', 'playing']);
  });

  it('goes on until the new one plays, and is crossed over', async () => {
    const { player, voices, levels, settle, answer } = bench();
    void player.show('old', null);
    await settle();
    await answer(0);
    void player.show('new', null);
    await settle();
    expect(voices[1]).toMatchObject({ sound: 'new', volume: 0 });
    expect(voices[0]).toMatchObject({ stopped: false, volume: 1 });
    await answer(1);
    expect(levels).toEqual([
      [0.75, 0.25],
      [0.5, 0.5],
      [0.25, 0.75],
      [0, 1],
    ]);
    expect(voices.map(({ stopped }) => stopped)).toEqual([true, false]);
  });

  it('lets a new one go that is wanted no more, and keeps what is heard', async () => {
    const { player, voices, settle, answer } = bench();
    void player.show('old', null);
    await settle();
    await answer(0);
    void player.show('new', null);
    await settle();
    void player.show('old', null);
    await answer(1);
    expect(voices.map(({ stopped }) => stopped)).toEqual([false, true]);
    expect(voices).toHaveLength(2);
  });

  it('lets go of the old way out before it takes another', async () => {
    const { player, said, settle, answer } = bench();
    void player.show('old', null);
    await settle();
    await answer(0);
    said.length = 0;
    void player.show('old', 'headset');
    await settle();
    await answer(1);
    expect(said).toEqual(['voice 1 stops', 'voice 2 to headset', 'voice 2 begins old at 1', 'playing']);
  });

  it('says that the browser wants a gesture, and tries again with one', async () => {
    const { player, said, settle, answer } = bench();
    void player.show('old', null);
    await settle();
    await answer(0, 'blocked');
    void player.retry();
    await answer(0);
    expect(said.filter((word) => word === 'blocked' || word === 'playing')).toEqual(['blocked', 'playing']);
  });

  it('says that a device was refused, and is silent in the end', async () => {
    const { player, voices, said, settle, answer } = bench();
    void player.show('old', 'gone');
    await settle();
    await answer(0);
    void player.show(null, 'gone');
    expect(said).toEqual(['voice 1 to gone', 'refused', 'voice 1 begins old at 1', 'playing', 'voice 1 stops']);
    expect(voices[0]?.stopped).toBe(true);
  });
});

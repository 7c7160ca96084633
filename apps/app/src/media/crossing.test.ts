import { describe, expect, it } from 'vitest';
import { Crossing, type Layer } from './crossing';

class FakeLayer implements Layer<string> {
  readonly stream: string;
  readonly fresh: boolean;
  state: 'waiting' | 'faded in' | 'in place' | 'removed' = 'waiting';
  #listener: () => void = () => undefined;

  constructor(stream: string, fresh: boolean) {
    this.stream = stream;
    this.fresh = fresh;
  }
  onFrame(_: boolean, listener: () => void): void {
    this.#listener = listener;
  }
  frame(): void {
    this.#listener();
  }
  show(): void {
    this.state = this.fresh ? 'faded in' : 'in place';
  }
  remove(): void {
    this.state = 'removed';
  }
}

function stage() {
  const layers: FakeLayer[] = [];
  const crossing = new Crossing<string>((stream, fresh) => {
    const layer = new FakeLayer(stream, fresh);
    layers.push(layer);
    return layer;
  });
  const states = () => layers.map(({ stream, state }) => `${stream}: ${state}`);
  return { layers, crossing, states };
}

describe('a picture whose stream changes', () => {
  it('fades in the first one, at its first frame', () => {
    const { crossing, layers, states } = stage();
    crossing.show('old');
    expect(states()).toEqual(['old: waiting']);
    layers[0]?.frame();
    expect(states()).toEqual(['old: faded in']);
  });

  it('keeps the old one until the new one is drawn, and does not fade', () => {
    const { crossing, layers, states } = stage();
    crossing.show('old');
    layers[0]?.frame();
    crossing.show('new');
    expect(layers[1]?.fresh).toBe(false);
    expect(states()).toEqual(['old: faded in', 'new: waiting']);
    layers[1]?.frame();
    expect(states()).toEqual(['old: removed', 'new: in place']);
  });

  it('forgets one that is wanted no more before it came, whatever comes of it then', () => {
    const { crossing, layers, states } = stage();
    crossing.show('old');
    layers[0]?.frame();
    crossing.show('new');
    crossing.show('newest');
    layers[1]?.frame();
    expect(states()).toEqual(['old: faded in', 'new: removed', 'newest: waiting']);
    crossing.show('old');
    layers[2]?.frame();
    expect(states()).toEqual(['old: faded in', 'new: removed', 'newest: removed']);
  });

  it('says the same stream twice without a new picture', () => {
    const { crossing, layers } = stage();
    crossing.show('old');
    crossing.show('old');
    layers[0]?.frame();
    crossing.show('old');
    expect(layers).toHaveLength(1);
  });

  it('takes everything away where there is no stream', () => {
    const { crossing, layers, states } = stage();
    crossing.show('old');
    layers[0]?.frame();
    crossing.show('new');
    crossing.show(null);
    expect(states()).toEqual(['old: removed', 'new: removed']);
  });
});

import { describe, expect, it } from 'vitest';
import { gradientOf, initialsOf } from './gradients';
import { dark, light, type Palette, stage, withMoreContrast } from './tokens';

const channel = (value: number): number => (value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4);
const luminance = (hex: string): number => {
  const part = (at: number) => channel(Number.parseInt(hex.slice(at, at + 2), 16) / 255);
  return 0.2126 * part(1) + 0.7152 * part(3) + 0.0722 * part(5);
};
/** WCAG 2.2, contrast ratio. */
const contrast = (a: string, b: string): number => {
  const [low, high] = [luminance(a), luminance(b)].sort((x, y) => x - y) as [number, number];
  return (high + 0.05) / (low + 0.05);
};

const pairs: readonly (readonly [keyof Palette, keyof Palette])[] = [
  ['ink', 'background'],
  ['ink', 'panel'],
  ['ink', 'card'],
  ['ink', 'control'],
  ['quiet', 'background'],
  ['quiet', 'panel'],
  ['quiet', 'card'],
  ['accent', 'background'],
  ['accent', 'accentGround'],
  ['onAccent', 'accent'],
  ['callInk', 'background'],
  ['callInk', 'panel'],
  ['callInk', 'callGround'],
  ['onCall', 'callFill'],
  ['stopInk', 'background'],
  ['stopInk', 'card'],
  ['stopInk', 'stopGround'],
  ['onStop', 'stopFill'],
  ['onControlOn', 'controlOn'],
];

describe('tokens', () => {
  for (const [name, palette] of Object.entries({ light, dark, stage })) {
    it.each(pairs)(`${name}: %s on %s reaches 4.5 : 1`, (front, ground) => {
      expect(contrast(palette[front], palette[ground])).toBeGreaterThanOrEqual(4.5);
    });
  }
});

describe('with more contrast', () => {
  it.each(Object.entries({ light, dark, stage }))('%s: words reach 7 : 1, and lines 3 : 1', (_, usual) => {
    const palette = withMoreContrast(usual);
    for (const ground of ['background', 'panel', 'card'] as const) {
      expect(contrast(palette.quiet, palette[ground])).toBeGreaterThanOrEqual(7);
      expect(contrast(palette.line, palette[ground])).toBeGreaterThanOrEqual(3);
    }
  });
});

describe('avatars', () => {
  it('give an id the same colours each time and use all eight', () => {
    expect(gradientOf('ada')).toEqual(gradientOf('ada'));
    const seen = new Set(Array.from({ length: 200 }, (_, i) => gradientOf(`person-${i}`).from));
    expect(seen.size).toBe(8);
  });

  it.each([
    ['Grace Hopper', 'GH'],
    ['  ada ', 'A'],
    ['Jean-Luc van der Berg', 'JB'],
    ['', '?'],
    ['🦊 Fox', '🦊F'],
  ])('show the initials of %j', (name, initials) => {
    expect(initialsOf(name)).toBe(initials);
  });
});

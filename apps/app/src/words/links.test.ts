import { describe, expect, test } from 'vitest';
import { partsOf } from './links';

const linked = (text: string) => partsOf(text).flatMap(({ href }) => (href === undefined ? [] : [href]));

describe('links in messages', () => {
  test('stand between what is written around them, and nothing is lost', () => {
    const text = 'See https://a.example/x?y=1#z and (http://b.example).';
    expect(partsOf(text)).toEqual([
      { text: 'See ' },
      { text: 'https://a.example/x?y=1#z', href: 'https://a.example/x?y=1#z' },
      { text: ' and (' },
      { text: 'http://b.example', href: 'http://b.example' },
      { text: ').' },
    ]);
  });

  test.each([
    ['ends with a sentence', 'Go to https://a.example/x.', ['https://a.example/x']],
    ['keeps brackets that are its own', 'https://a.example/x_(y)', ['https://a.example/x_(y)']],
    ['is only of the web', 'javascript:alert(1) data:text/html,x file:///etc www.a.example', []],
    ['needs a host', 'https:// and http://', []],
    ['keeps other letters', 'https://пример.example/шаг — да', ['https://пример.example/шаг']],
  ])('%s', (_, text, expected) => {
    expect(linked(text)).toEqual(expected);
  });

  test.each(['', 'no link', 'https://a.example https://a.example', '😀 https://a.example 😀'])(
    '%j comes whole',
    (text) => {
      expect(
        partsOf(text)
          .map((part) => part.text)
          .join(''),
      ).toBe(text);
    },
  );
});

import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const root = new URL('../../../../', import.meta.url);
const read = (path: string) => readFile(fileURLToPath(new URL(path, root)), 'utf8');

/** All that OWASP ASVS 5.0.0 has in its chapter V17. */
const REQUIREMENTS = [
  ...['17.1.1', '17.1.2'],
  ...['17.2.1', '17.2.2', '17.2.3', '17.2.4', '17.2.5', '17.2.6', '17.2.7', '17.2.8'],
  ...['17.3.1', '17.3.2'],
];

/** Titles as they are called: of `it`, `test` and `describe`, with or without a table of cases. */
const TITLE = /^\s*(?:it|test|describe)(?:\.each\([^\n]*\))?\(\s*['"`]([^\n]*)/gm;

const titlesOf = (source: string) => [...source.matchAll(TITLE)].map(([, title = '']) => title);
const bears = (title: string, number: string) => new RegExp(`\\bV?${number.replaceAll('.', '\\.')}\\b`).test(title);

/** Paths as the table writes them: under `packages/server/test` unless they begin at the root. */
const pathsIn = (cell: string) =>
  [...cell.matchAll(/`([^`]+\.ts)`/g)].map(([, path = '']) =>
    /^(?:e2e|packages)\//.test(path) ? path : `packages/server/test/${path}`,
  );

it('each requirement of V17 has a row, whose first file has a test that bears the number', async () => {
  const rows = (await read('docs/security.md'))
    .split('\n')
    .filter((line) => /^\| 17\./.test(line))
    .map((line) => line.split('|').map((cell) => cell.trim()));
  expect(rows.map(([, number]) => number)).toEqual(REQUIREMENTS);
  for (const [, number = '', , state, shownBy = ''] of rows) {
    expect([number, state]).not.toEqual([number, expect.stringMatching(/not yet/)]);
    const paths = pathsIn(shownBy);
    const sources = await Promise.all(paths.map(read));
    const bearing = titlesOf(sources[0] ?? '').filter((title) => bears(title, number));
    expect([number, paths[0], bearing.length > 0]).toEqual([number, paths[0], true]);
  }
});

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { expect, it } from 'vitest';

const source = join(import.meta.dirname, '..');

/** The files of the app that a file imports, as Metro finds them on the web. */
function importsOf(file: string): string[] {
  const text = readFileSync(file, 'utf8');
  return [...text.matchAll(/from '(\.[^']+)'/g)].flatMap(([, path = '']) => {
    const whole = join(dirname(file), path);
    return ['.tsx', '.ts', '.web.tsx', '.web.ts'].map((end) => `${whole}${end}`).find(existsSync) ?? [];
  });
}

function reachedFrom(start: string): ReadonlySet<string> {
  const reached = new Set<string>();
  const queue = [start];
  for (let file = queue.pop(); file !== undefined; file = queue.pop()) {
    if (reached.has(file)) continue;
    reached.add(file);
    queue.push(...importsOf(file));
  }
  return reached;
}

it('every screen, and every part of one, is shown in the gallery', () => {
  const screens = readdirSync(join(source, 'screens'), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.tsx'))
    .map((file) => join(source, 'screens', file));
  const shown = reachedFrom(join(source, 'gallery', 'entries.tsx'));
  expect(screens.length).toBeGreaterThan(30);
  expect(screens.filter((file) => !shown.has(file)).map((file) => relative(source, file))).toEqual([]);
});

it('what a gallery shows is given to it: no screen reaches for the client', () => {
  const shown = [...reachedFrom(join(source, 'gallery', 'entries.tsx'))].map((file) => relative(source, file));
  expect(shown.filter((file) => file.startsWith('wiring/'))).toEqual([]);
});

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

const app = join(import.meta.dirname, '..');
const table = readFileSync(join(app, 'src', 'pages.ts'), 'utf8');

describe('the table of pages for the browser', () => {
  it('has every page of the folder, and no other', () => {
    const pages = readdirSync(join(app, 'app'), { recursive: true, encoding: 'utf8' }).filter((file) =>
      file.endsWith('.tsx'),
    );
    const listed = [...table.matchAll(/^ {2}'\.\/(.+\.tsx)':/gm)].map(([, file]) => file);
    expect(listed.sort()).toEqual(pages.sort());
  });

  it('brings with the first script only what is drawn before somebody has signed in', () => {
    const first = [...table.matchAll(/from '\.\.\/app\/([^']+)'/g)].map(([, page]) => page);
    expect(first.sort()).toEqual(['(shell)/index', '+not-found', '_layout', 'sign-in']);
  });
});

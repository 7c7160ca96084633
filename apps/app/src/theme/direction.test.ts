import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { expect, it } from 'vitest';

const source = join(import.meta.dirname, '..');
/** Counts from the left of the window whichever way the words are written. */
const EXEMPT = ['ui/Tooltips.tsx'];
const SIDED = /^(?:margin|padding|border)?(?:Top|Bottom)?(?:Left|Right)(?:Width|Color|Radius)?$|^(?:left|right)$/;

const otherSide = (text: string): string =>
  text.replace(/left|right/gi, (side) => {
    const other = side.toLowerCase() === 'left' ? 'right' : 'left';
    return side.startsWith('L') || side.startsWith('R') ? `${other[0]?.toUpperCase()}${other.slice(1)}` : other;
  });

/** Styles that name a side without doing the same on the other. */
function lopsided(file: string): string[] {
  const tree = ts.createSourceFile(file, readFileSync(join(source, file), 'utf8'), ts.ScriptTarget.Latest, true);
  const found: string[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isObjectLiteralExpression(node)) {
      const sided = node.properties.filter(
        (property): property is ts.PropertyAssignment =>
          ts.isPropertyAssignment(property) && SIDED.test(property.name.getText(tree)),
      );
      const texts = new Set(sided.map((property) => property.getText(tree)));
      found.push(...[...texts].filter((text) => !texts.has(otherSide(text))).map((text) => `${file}: ${text}`));
    }
    ts.forEachChild(node, visit);
  };
  visit(tree);
  return found;
}

it('no screen names a side: it says start and end, which turn with the language', () => {
  const files = readdirSync(source, { recursive: true, encoding: 'utf8' }).filter(
    (file) => file.endsWith('.tsx') && !EXEMPT.includes(file),
  );
  expect(files.flatMap(lopsided)).toEqual([]);
});

it('finds a style that names a side', () => {
  const text = 'const a = { paddingLeft: 4 }; const b = { left: space(1), right: space(1) };';
  expect([...text.matchAll(/(\w+): /g)].map(([, name = '']) => SIDED.test(name))).toEqual([true, true, true]);
  expect(otherSide('paddingLeft: insets.left')).toBe('paddingRight: insets.right');
});

import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { ERRORS } from '@parley/protocol';
import ts from 'typescript';
import { afterEach, describe, expect, it } from 'vitest';
import { de } from './de';
import { en } from './en';
import { errorText, hasWords } from './errors';
import { briefDuration, dayName, listOf, timeOfDay } from './format';
import { directionOf, firstKnown } from './languages';
import { pseudo } from './pseudo';
import { speak, t } from './words';

type Words = { readonly [key: string]: string | Words };
const flat = (words: Words, path = ''): [string, string][] =>
  Object.entries(words).flatMap(([key, value]) =>
    typeof value === 'string' ? [[`${path}${key}`, value] as [string, string]] : flat(value, `${path}${key}.`),
  );
const placeholders = (text: string) => (text.match(/\{\{\s*\w+\s*\}\}/g) ?? []).sort();

const english = new Map(flat(en));
const german = new Map(flat(de));

describe('the two languages', () => {
  it('have the same keys', () => {
    expect([...german.keys()].sort()).toEqual([...english.keys()].sort());
  });

  it.each([...english])('%s takes the same values in both', (key, text) => {
    expect(german.get(key)?.trim()).not.toBe('');
    expect(placeholders(german.get(key) ?? '')).toEqual(placeholders(text));
  });

  it('use the typographer’s marks', () => {
    const plain = [...english, ...german].filter(([, text]) => /['"]|\.\.\./.test(text)).map(([key]) => key);
    expect(plain).toEqual([]);
  });

  it('have a sentence for whatever the server may refuse a person', () => {
    const refused = Object.entries(ERRORS).filter(([, { category }]) => category !== 'bug');
    expect(refused.map(([code]) => code).filter((code) => !hasWords(code))).toEqual([]);
  });

  it('call nobody “Sie”', () => {
    expect([...german].filter(([, text]) => /\b(?:Sie|Ihr|Ihre|Ihnen|Ihren)\b/.test(text))).toEqual([]);
  });
});

describe('the language of the words', () => {
  afterEach(() => speak('en'));

  it.each([
    [['de-AT', 'en'], 'de'],
    [['fr-FR', 'de', 'en'], 'de'],
    [['EN-gb'], 'en'],
    [['fr'], 'en'],
    [[], 'en'],
  ])('somebody who reads %j gets %s', (wanted, language) => {
    expect(firstKnown(wanted)).toBe(language);
  });

  it('changes words, faults, times and lists together', async () => {
    await speak('de');
    expect(t('home.callsMissed', { count: 2 })).toBe('Anrufe, 2 verpasste Anrufe');
    expect(errorText('credentials_invalid')).toBe('E-Mail oder Passwort stimmt nicht.');
    expect(errorText('nobody_knows_this')).toBe('Etwas ist schiefgegangen. Bitte versuch es noch einmal.');
    expect(timeOfDay(new Date(2026, 10, 22, 14, 5).getTime())).toBe('14:05');
    expect(dayName(new Date(2026, 10, 16).getTime(), new Date(2026, 10, 22).getTime())).toBe('Montag');
    expect(briefDuration(3900)).toBe('1 Std. 5 Min.');
    expect(listOf(['Ada', 'Grace', 'Ken'])).toBe('Ada, Grace und Ken');
  });

  it('the two that nobody speaks are longer, turned, and have every form of a number', async () => {
    await speak('en-XA');
    expect(t('settings.title')).toBe('Sééttííngs');
    expect(t('calls.callBackAudio', { name: 'Grace' })).toContain('Grace');
    const length = (words: ReadonlyMap<string, string>) => [...words.values()].join('').length;
    expect(length(new Map(flat(pseudo(en, 'en-XA')))) / length(english)).toBeGreaterThan(1.3);
    await speak('ar-XB');
    expect(t('settings.title')).toMatch(/^\u200f.*\u200f$/);
    for (const count of [0, 1, 2, 3, 11, 100]) expect(t('home.callsMissed', { count })).toContain(String(count));
  });

  it.each([
    ['en', 'ltr'],
    ['ar-XB', 'rtl'],
    ['en-XA', 'ltr'],
    ['de', 'ltr'],
    ['ar', 'rtl'],
  ])('%s is written %s', (language, direction) => {
    expect(directionOf(language)).toBe(direction);
  });
});

describe('no screen has words of its own', () => {
  const source = join(import.meta.dirname, '..');
  /** What is read out or shown, wherever a component takes it. */
  const said =
    /^(?:aria-label|aria-description|aria-valuetext|accessibility(?:Label|Hint)|label|title|text|hint|placeholder|name)$/;
  /** Files whose words are examples, and the name of the product in its mark. */
  const exempt = (file: string) => file.startsWith('gallery/');
  const hasLetters = (text: string) => /\p{L}/u.test(text);

  function literals(file: string): string[] {
    const text = readFileSync(join(source, file), 'utf8');
    const tree = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true, ts.ScriptKind.TSX);
    const found: string[] = [];
    const visit = (node: ts.Node): void => {
      if (ts.isJsxText(node) && hasLetters(node.text)) found.push(node.text.trim());
      if (ts.isJsxAttribute(node) && said.test(node.name.getText(tree)) && node.initializer) {
        const value = ts.isJsxExpression(node.initializer) ? node.initializer.expression : node.initializer;
        if (value && ts.isStringLiteralLike(value) && hasLetters(value.text) && !isIconName(node))
          found.push(value.text);
      }
      if (ts.isJsxExpression(node) && node.expression && ts.isStringLiteralLike(node.expression)) {
        const child = ts.isJsxElement(node.parent) || ts.isJsxFragment(node.parent);
        if (child && hasLetters(node.expression.text)) found.push(node.expression.text);
      }
      ts.forEachChild(node, visit);
    };
    visit(tree);
    return found;
  }
  /** `name` of an icon is no word. */
  const isIconName = (node: ts.JsxAttribute) =>
    node.name.getText() === 'name' && /^Icon/.test(node.parent.parent.tagName.getText());

  it('in any of its files', () => {
    const files = readdirSync(source, { recursive: true, encoding: 'utf8' })
      .map((file) => relative('.', file))
      .filter((file) => file.endsWith('.tsx') && !exempt(file));
    expect(files.length).toBeGreaterThan(50);
    expect(files.flatMap((file) => literals(file).map((text) => `${file}: ${text}`))).toEqual([]);
  });
});

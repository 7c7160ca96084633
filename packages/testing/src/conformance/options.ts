import { parseArgs } from 'node:util';
import type { Case } from './case.ts';

/** What cannot be done as it was asked; the message is the sentence for whoever asked. */
export class Unusable extends Error {
  override readonly name = 'Unusable';
}

export type Options =
  | { readonly kind: 'list' }
  | { readonly kind: 'help' }
  | { readonly kind: 'run'; readonly origin: string; readonly cases: readonly Case[]; readonly atOnce: number };

export const USAGE = `Usage: npm run conformance -- URL [--only NAME]… [--at-once N]
       npm run conformance -- --list

URL is a deployment of Parley, such as http://localhost:3000.
--only takes the name of a case, or its beginning with a star (glare_*), and may be given several times.
--at-once says how many cases play at once (6).`;

const FLAGS = {
  list: { type: 'boolean', default: false },
  help: { type: 'boolean', default: false },
  only: { type: 'string', multiple: true, default: [] as string[] },
  'at-once': { type: 'string', default: '6' },
} as const;

/** @throws Unusable with a sentence */
export function readOptions(args: readonly string[], cases: readonly Case[]): Options {
  const { values, positionals } = parsed(args);
  if (values.help) return { kind: 'help' };
  if (values.list) return { kind: 'list' };
  const [url, ...more] = positionals;
  if (url === undefined) throw new Unusable(`The address of a deployment is missing.\n${USAGE}`);
  if (more.length > 0) throw new Unusable(`One address is taken, not ${positionals.length}: ${positionals.join(' ')}.`);
  const atOnce = Number(values['at-once']);
  if (!Number.isInteger(atOnce) || atOnce < 1 || atOnce > 100) {
    throw new Unusable(`--at-once must be a whole number from 1 to 100, not ${values['at-once']}.`);
  }
  return { kind: 'run', origin: originOf(url), cases: chosen(values.only, cases), atOnce };
}

function parsed(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options: FLAGS, allowPositionals: true });
  } catch (error) {
    throw new Unusable(error instanceof Error ? error.message : String(error));
  }
}

function originOf(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url === null || !/^https?:$/.test(url.protocol)) {
    throw new Unusable(`${text} is no address: it must begin with http:// or https://.`);
  }
  if (url.pathname !== '/' || url.search !== '') {
    throw new Unusable(`${text} has a path: Parley stands at the root of its address, such as ${url.origin}.`);
  }
  return url.origin;
}

function chosen(only: readonly string[], cases: readonly Case[]): readonly Case[] {
  if (only.length === 0) return cases;
  const fits = (pattern: string, name: string) =>
    pattern.endsWith('*') ? name.startsWith(pattern.slice(0, -1)) : name === pattern;
  for (const pattern of only) {
    if (!cases.some(({ name }) => fits(pattern, name))) {
      throw new Unusable(`There is no case ${pattern}: --list names them all.`);
    }
  }
  return cases.filter(({ name }) => only.some((pattern) => fits(pattern, name)));
}

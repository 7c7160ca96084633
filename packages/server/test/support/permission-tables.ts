import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** The kinds of people of docs/permissions.md, in the order of its columns. */
export const PEOPLE = ['member', 'owner', 'former', 'outsider', 'guest', 'anonymous', 'service'] as const;
export type PersonKind = (typeof PEOPLE)[number];

export type PermissionSection = 'Tables' | 'Schemas' | 'Functions' | 'Routes' | 'Sockets' | 'Media';
/** One line of a table, by the names of its columns. */
export type PermissionRow = Readonly<Record<string, string>>;

/** Stands in a cell where there is nothing: no right, or no such thing. */
export const NOTHING = '–';

const FILE = fileURLToPath(new URL('../../../../docs/permissions.md', import.meta.url));

/** The table under a heading of docs/permissions.md; code spans lose their backticks. */
export function permissionTable(section: PermissionSection): PermissionRow[] {
  const lines = readFileSync(FILE, 'utf8').split('\n');
  const start = lines.findIndex((line) => /^#+ /.test(line) && line.replace(/^#+ /, '') === section);
  if (start < 0) throw new Error(`docs/permissions.md has no heading ${section}`);
  const rest = lines.slice(start + 1);
  const end = rest.findIndex((line) => line.startsWith('#'));
  const [head, _rule, ...body] = (end < 0 ? rest : rest.slice(0, end))
    .filter((line) => line.startsWith('|'))
    .map(cellsOf);
  if (head === undefined || body.length === 0) throw new Error(`docs/permissions.md has no table under ${section}`);
  return body.map((cells) => {
    if (cells.length !== head.length)
      throw new Error(`docs/permissions.md, ${section}: ${cells[0]} has a cell too few`);
    return Object.fromEntries(head.map((name, index) => [name, cells[index] ?? '']));
  });
}

/** A cell of a line, which has to be there. */
export function cell(row: PermissionRow, column: string): string {
  const value = row[column];
  if (value === undefined) throw new Error(`docs/permissions.md: no column ${column}`);
  return value;
}

/** What each person gets by this line. */
export const expectedOf = (row: PermissionRow): Record<PersonKind, string> =>
  Object.fromEntries(PEOPLE.map((person) => [person, cell(row, person)])) as Record<PersonKind, string>;

const cellsOf = (line: string): string[] =>
  line
    .replace(/^\||\|\s*$/g, '')
    .split('|')
    .map((text) => text.trim().replaceAll('`', ''));

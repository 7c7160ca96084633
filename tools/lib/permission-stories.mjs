// Checks of the database made of docs/permissions.md, as one pgTAP script. The world that they ask is tests.world() in
// supabase/tests/000_world.sql.
import { cell, NOTHING, PEOPLE, permissionTable } from '../../packages/server/test/support/permission-tables.ts';

const VERBS = { S: 'SELECT', I: 'INSERT', U: 'UPDATE', D: 'DELETE' };
const ROLES = ['anon', 'authenticated', 'service_role'];
const SCHEMAS = `n.nspname in ('public', 'auth', 'parley', 'identity')`;

/** @param {string} text */
const quoted = (text) => `'${text.replaceAll("'", "''")}'`;
/** @param {readonly string[]} texts */
const list = (texts) => `array[${texts.map(quoted).join(', ')}]::text[]`;
/** @param {string} text */
const nothing = (text) => (text === NOTHING ? '' : text);

/** What each person reaches of each line, what a token without a subject reaches, and the grants behind it. */
function tables() {
  const rows = permissionTable('Tables');
  /** @type {Map<string, Map<string, Set<string>>>} */
  const grants = new Map();
  const checks = rows.flatMap((row) => {
    const line = cell(row, 'table');
    const [name = ''] = line.split('/');
    const granted = grants.get(name) ?? new Map(ROLES.map((role) => [role, new Set()]));
    grants.set(name, granted);
    const asked = PEOPLE.map((person) => {
      const may = nothing(cell(row, person));
      const role = person === 'anonymous' ? 'anon' : person === 'service' ? 'service_role' : 'authenticated';
      for (const verb of may) granted.get(role)?.add(verb);
      return `select is(tests.may(${quoted(person)}, ${quoted(line)}), ${quoted(may)}, ${quoted(`${line}: ${person}`)});`;
    });
    return [
      ...asked,
      `select is(tests.may('no subject', ${quoted(line)}), '', ${quoted(`${line}: nobody by a token without a subject`)});`,
    ];
  });
  const privileges = [...grants].flatMap(([name, byRole]) =>
    [...byRole].map(([role, verbs]) => {
      const expected = [...verbs].map((verb) => VERBS[/** @type {keyof typeof VERBS} */ (verb)]);
      const [schema = '', table = ''] = name.split('.');
      const title = quoted(`${name}: grants of ${role}`);
      return `select table_privs_are(${[schema, table, role].map(quoted).join(', ')}, ${list(expected)}, ${title});`;
    }),
  );
  return [
    ...checks,
    ...privileges,
    setEq(
      `select n.nspname || '.' || c.relname from pg_class c join pg_namespace n on n.oid = c.relnamespace
       where ${SCHEMAS} and c.relkind in ('r', 'p', 'v', 'm', 'f') and not ${ofExtension('c')}`,
      [...grants.keys()],
      'every table and view stands in docs/permissions.md',
    ),
    isEmpty(
      `select n.nspname || '.' || c.relname from pg_class c join pg_namespace n on n.oid = c.relnamespace
       where ${SCHEMAS} and c.relkind in ('r', 'p') and not c.relrowsecurity`,
      'row-level security is on for every table',
    ),
    isEmpty(
      `select a.attrelid::regclass || '.' || a.attname from pg_attribute a
       join pg_class c on c.oid = a.attrelid join pg_namespace n on n.oid = c.relnamespace
       where ${SCHEMAS} and a.attacl is not null`,
      'no right is given on a column alone',
    ),
    isEmpty(
      `select policyname from pg_policies where schemaname in ('public', 'auth', 'parley', 'identity')
       and (cmd <> 'SELECT' or roles <> '{authenticated}')`,
      'every policy lets people who are signed in read, and nothing else',
    ),
  ];
}

function schemas() {
  const rows = permissionTable('Schemas');
  const of = (/** @type {import('../../packages/server/test/support/permission-tables.ts').PermissionRow} */ row) =>
    ROLES.map((role) => {
      const [name, expected] = [quoted(cell(row, 'schema')), list(cell(row, role) === 'yes' ? ['USAGE'] : [])];
      return `select schema_privs_are(${name}, ${quoted(role)}, ${expected}, ${quoted(`schema ${cell(row, 'schema')}: ${role}`)});`;
    });
  return rows.flatMap(of);
}

function functions() {
  const rows = permissionTable('Functions');
  const named = (/** @type {string} */ name) =>
    `from pg_proc p join pg_namespace n on n.oid = p.pronamespace where n.nspname || '.' || p.proname = ${quoted(name)}`;
  const checks = rows.flatMap((row) => {
    const name = cell(row, 'function');
    return [
      ...ROLES.map((role) => {
        const expected = cell(row, role) === 'yes';
        const asked = `select array_agg(has_function_privilege(${quoted(role)}, p.oid, 'execute')) ${named(name)}`;
        return `select is((${asked}), array[${expected}], ${quoted(`${name}: ${role}`)});`;
      }),
      `select is((select array_agg(p.prosecdef) ${named(name)}), array[${cell(row, 'rights') === 'definer'}], ${quoted(`${name}: whose rights`)});`,
    ];
  });
  const all = `from pg_proc p join pg_namespace n on n.oid = p.pronamespace where ${SCHEMAS}
    and not ${ofExtension('p')}`;
  return [
    ...checks,
    setEq(
      `select n.nspname || '.' || p.proname ${all}`,
      rows.map((row) => cell(row, 'function')),
      'every function stands in docs/permissions.md',
    ),
    isEmpty(
      `select p.proname ${all} and p.prosecdef and not coalesce(p.proconfig @> array['search_path=""'], false)`,
      'functions with the rights of their owner pin their search path',
    ),
  ];
}

/** pgTAP brings objects of its own. @param {string} alias */
const ofExtension = (alias) => `exists (select from pg_depend d where d.objid = ${alias}.oid and d.deptype = 'e')`;
/** @param {string} query @param {readonly string[]} expected @param {string} title */
const setEq = (query, expected, title) =>
  `select bag_eq($$ ${query} $$, $$ select unnest(${list(expected)}) $$, ${quoted(title)});`;
/** @param {string} query @param {string} title */
const isEmpty = (query, title) => `select is_empty($$ ${query} $$, ${quoted(title)});`;

/** @returns {string} a whole script, which undoes what it does */
export function permissionStories() {
  const checks = [...tables(), ...schemas(), ...functions()];
  return [
    'begin;',
    `select plan(${checks.length});`,
    'select tests.world();',
    ...checks,
    'select * from finish();',
    'rollback;',
  ].join('\n');
}

// The stories of supabase/tests on a real Postgres: a database of its own, both sets of migrations applied twice, each
// file in turn. Prints TAP and ends with the counts; `node tools/pgtap.mjs 020` runs the files that begin so.
import { randomUUID } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { migratePg } from '../packages/server/src/node/migrate.ts';
import { root } from './lib/paths.mjs';
import { permissionStories } from './lib/permission-stories.mjs';

const { Client } = createRequire(join(root, 'packages/server/package.json'))('pg');
const adminUrl = process.env.TEST_DATABASE_URL ?? 'postgresql://postgres@127.0.0.1:5432/postgres';
const folder = join(root, 'supabase', 'tests');
/** Under this name the checks that are made of docs/permissions.md. */
const MATRIX = 'permissions';
const only = process.argv[2] ?? '';

let passed = 0;
let failed = 0;
let skipped = 0;

/** @param {string} line */
const say = (line) => process.stdout.write(`${line}\n`);

/** @param {boolean} good @param {string} title */
function count(good, title) {
  if (/#\s*skip/i.test(title)) skipped += 1;
  else if (good) passed += 1;
  else failed += 1;
  say(`${good ? 'ok' : 'not ok'} ${passed + failed + skipped} - ${title}`);
}

/** @template T @param {string} url @param {(client: any) => Promise<T>} run @returns {Promise<T>} */
async function withClient(url, run) {
  const client = new Client({ connectionString: url, connectionTimeoutMillis: 5000 });
  client.on('error', () => {});
  await client.connect();
  try {
    return await run(client);
  } finally {
    await client.end();
  }
}

/** Every result of every statement, line by line. @param {string} url @param {string} text @returns {Promise<string[]>} */
function linesOf(url, text) {
  return withClient(url, async (client) => {
    const answers = await client.query(text);
    const results = Array.isArray(answers) ? answers : [answers];
    return results.flatMap((result) =>
      result.rows.flatMap((/** @type {Record<string, unknown>} */ row) =>
        String(Object.values(row)[0] ?? '').split('\n'),
      ),
    );
  });
}

/** @param {string} url @param {string} file @param {string} text */
async function runStories(url, file, text) {
  say(`# ${file}`);
  let planned = -1;
  let ran = 0;
  try {
    for (const line of await linesOf(url, text)) {
      const plan = /^1\.\.(\d+)$/.exec(line);
      const test = /^(not )?ok \d+(?: - )?(.*)$/.exec(line);
      if (plan) planned = Number(plan[1]);
      else if (test) {
        ran += 1;
        count(test[1] === undefined, `${file}: ${test[2] ?? ''}`);
      } else if (line.startsWith('#')) say(line);
    }
  } catch (error) {
    count(false, `${file}: it ran to its end`);
    say(`# ${error instanceof Error ? error.message : String(error)}`);
    return;
  }
  if (planned !== ran) count(false, `${file}: ${planned} tests were planned, ${ran} ran`);
}

async function main() {
  const name = `parley_tap_${randomUUID().replaceAll('-', '')}`;
  await withClient(adminUrl, (client) => client.query(`create database ${name}`));
  const url = new URL(adminUrl);
  url.pathname = `/${name}`;
  try {
    const { applied } = await migratePg(url.href);
    // Forgotten, and applied once more: each file does no harm the second time.
    await withClient(url.href, (client) => client.query('delete from parley.migrations'));
    const again = await migratePg(url.href);
    count(
      applied.length > 0 && applied.join() === again.applied.join(),
      `both sets of migrations were applied twice (${applied.length} files)`,
    );
    await withClient(url.href, (client) => client.query('create extension pgtap'));
    const files = (await readdir(folder)).filter((file) => file.endsWith('.sql')).sort();
    for (const file of files) {
      if (!file.startsWith('000') && !file.startsWith(only)) continue;
      await runStories(url.href, file, await readFile(join(folder, file), 'utf8'));
    }
    if (MATRIX.startsWith(only)) await runStories(url.href, MATRIX, permissionStories());
  } finally {
    await withClient(adminUrl, (client) => client.query(`drop database if exists ${name} with (force)`));
  }
}

try {
  await main();
} catch (error) {
  count(false, 'the stories could be run');
  const message = error instanceof Error ? error.message : String(error);
  say(`# ${message}`);
  if (message.includes('pgtap'))
    say("# Install it: apt-get install postgresql-15-pgtap (for the server's own version).");
}
say(`1..${passed + failed + skipped}`);
say(`${passed} passed, ${failed} failed, ${skipped} skipped`);
process.exitCode = failed > 0 ? 1 : 0;

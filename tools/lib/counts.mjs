import { readFile } from 'node:fs/promises';

/** @typedef {{ passed: number, failed: number, skipped: number, notes: string[] }} Counts what a runner found; notes say which failed and why some were skipped */

/** @param {string} text */
const firstLine = (text) => {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are the escape sequences of a terminal
  const plain = text.replace(/\u001b\[[0-9;]*m/g, '');
  return (plain.split('\n').find((line) => line.trim() !== '') ?? '').trim().slice(0, 200);
};

/** @param {string} file Vitest's JSON report @returns {Promise<Counts>} */
export async function vitestCounts(file) {
  const report = JSON.parse(await readFile(file, 'utf8'));
  /** @type {Counts} */
  const counts = { passed: 0, failed: 0, skipped: 0, notes: [] };
  for (const suite of report.testResults) {
    for (const test of suite.assertionResults) {
      if (test.status === 'passed') counts.passed += 1;
      else if (test.status === 'failed') {
        counts.failed += 1;
        counts.notes.push(`failed: ${test.fullName}: ${firstLine(test.failureMessages?.[0] ?? '')}`);
      } else {
        counts.skipped += 1;
        counts.notes.push(`skipped: ${test.fullName} (${test.meta?.skipReason ?? test.status})`);
      }
    }
    if (suite.status === 'failed' && !suite.assertionResults.some((/** @type {any} */ t) => t.status === 'failed')) {
      counts.failed += 1;
      counts.notes.push(`failed: ${suite.name}: ${firstLine(suite.message ?? 'the file could not be run')}`);
    }
  }
  return counts;
}

/** @param {string} file Playwright's JSON report @returns {Promise<Counts>} */
export async function playwrightCounts(file) {
  const report = JSON.parse(await readFile(file, 'utf8'));
  /** @type {Counts} */
  const counts = { passed: 0, failed: 0, skipped: 0, notes: [] };
  for (const error of report.errors ?? []) {
    counts.failed += 1;
    counts.notes.push(`failed: ${firstLine(error.message ?? 'the run itself')}`);
  }
  /** @param {any} suite @param {string} path */
  const walk = (suite, path) => {
    for (const spec of suite.specs ?? []) {
      for (const test of spec.tests) {
        const title = `${path} ${spec.title}`.trim();
        if (test.status === 'expected') counts.passed += 1;
        else if (test.status === 'flaky') {
          counts.passed += 1;
          counts.notes.push(
            `FLAKY, passed at its second try: ${title}: ${firstLine(test.results[0]?.error?.message ?? '')}`,
          );
        } else if (test.status === 'skipped') {
          counts.skipped += 1;
          const why = test.annotations?.find((/** @type {any} */ a) => a.type === 'skip')?.description;
          counts.notes.push(`skipped: ${title} (${why ?? 'no reason given'})`);
        } else {
          counts.failed += 1;
          counts.notes.push(`failed: ${title}: ${firstLine(test.results?.at(-1)?.error?.message ?? '')}`);
        }
      }
    }
    for (const inner of suite.suites ?? []) walk(inner, `${path} ${inner.title}`);
  };
  for (const suite of report.suites ?? []) walk(suite, suite.title);
  return counts;
}

/** @param {string} file a log with lines of the Test Anything Protocol @returns {Promise<Counts>} */
export async function tapCounts(file) {
  const text = await readFile(file, 'utf8');
  /** @type {Counts} */
  const counts = { passed: 0, failed: 0, skipped: 0, notes: [] };
  for (const line of text.split('\n')) {
    const match = /^(not )?ok\b(.*)$/.exec(line);
    if (!match) continue;
    const [, not, rest = ''] = match;
    const skip = /#\s*skip\b(.*)/i.exec(rest);
    if (skip) {
      counts.skipped += 1;
      counts.notes.push(`skipped:${rest}`);
    } else if (not) {
      counts.failed += 1;
      counts.notes.push(`failed:${rest}`);
    } else counts.passed += 1;
  }
  return counts;
}

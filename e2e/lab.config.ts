import { defineConfig } from '@playwright/test';
import { labResultsDir, reportFile } from './support/paths.ts';

/** Calls through a network that is made for them: a run of its own, since it needs root. See docs/turn.md. */
export default defineConfig({
  testDir: './lab',
  outputDir: labResultsDir,
  globalSetup: './support/media-files.ts',
  // One lab, one after the other: the tests bend the same links.
  workers: 1,
  retries: process.env.CI === 'true' ? 1 : 0,
  forbidOnly: process.env.CI === 'true',
  timeout: 120_000,
  expect: { timeout: 20_000 },
  reporter: [['line'], ['json', { outputFile: reportFile }]],
  use: { screenshot: 'only-on-failure' },
});

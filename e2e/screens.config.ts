import { defineConfig } from '@playwright/test';
import base from './playwright.config.ts';
import { screensResultsDir } from './support/paths.ts';

/** What needs no call, or none whose pictures have to move in time: two at once are no trouble to each other. */
export default defineConfig({
  ...base,
  testDir: './screens',
  outputDir: screensResultsDir,
  workers: 2,
  projects: (base.projects ?? []).filter(({ name }) => name === 'calls'),
});

import { defineConfig } from '@playwright/test';
import { chromium } from './support/chromium.ts';
import { reportFile, resultsDir } from './support/paths.ts';

const granted = ['microphone', 'camera'];

export default defineConfig({
  testDir: './specs',
  outputDir: resultsDir,
  globalSetup: './support/global-setup.ts',
  // Each test has a server, a database and two people with cameras of its own: more than one at once and pictures stand
  // still for seconds on two cores.
  workers: Number(process.env.PARLEY_E2E_WORKERS ?? 1),
  fullyParallel: true,
  // A test that needs its second try is a bug: `npm test` names it. CI goes on, so that one machine's hiccup in an hour of
  // browsers does not hide what the other tests say.
  retries: process.env.CI === 'true' ? 1 : 0,
  forbidOnly: process.env.CI === 'true',
  timeout: 120_000,
  expect: { timeout: 20_000 },
  reporter: [['line'], ['json', { outputFile: reportFile }]],
  use: {
    // With what was done and what the page was like, but without its film: to make one of moving pictures costs more than the
    // call itself.
    // Where a test is tried twice the second try is enough: to keep one of each takes time from every call.
    trace: {
      mode: process.env.CI === 'true' ? 'on-first-retry' : 'retain-on-failure',
      screenshots: false,
      snapshots: true,
      sources: true,
    },
    screenshot: 'only-on-failure',
    viewport: { width: 1280, height: 800 },
    reducedMotion: 'reduce',
  },
  projects: [
    {
      name: 'calls',
      testIgnore: [
        'asking.spec.ts',
        'permissions.spec.ts',
        'no-device.spec.ts',
        'autoplay.spec.ts',
        'devices.spec.ts',
        'cameras.spec.ts',
        'group-layers.spec.ts',
      ],
      use: { launchOptions: chromium({ devices: 'fake', autoplay: true }), permissions: granted },
    },
    {
      // Nothing is granted yet, and the flag of the fake devices answers the browser's question with yes.
      name: 'asking',
      testMatch: 'asking.spec.ts',
      use: { launchOptions: chromium({ devices: 'fake', autoplay: true }) },
    },
    {
      // Without the flag that answers the browser's question for the user.
      name: 'permissions',
      testMatch: 'permissions.spec.ts',
      use: { launchOptions: chromium({ devices: 'fake-that-ask', autoplay: true }) },
    },
    {
      name: 'no-device',
      testMatch: 'no-device.spec.ts',
      use: { launchOptions: chromium({ devices: 'none', autoplay: true }), permissions: granted },
    },
    {
      // Devices of a sound server, which are really plugged in and out.
      name: 'devices',
      testMatch: 'devices.spec.ts',
      use: { launchOptions: chromium({ devices: 'none', autoplay: true }), permissions: granted },
    },
    {
      name: 'cameras',
      // The film is too small to be sent in layers; these cameras are as large as they are asked to be.
      testMatch: ['cameras.spec.ts', 'group-layers.spec.ts'],
      use: { launchOptions: chromium({ devices: 'cameras', autoplay: true }), permissions: granted },
    },
    {
      // As browsers are: sound wants a gesture.
      name: 'autoplay',
      testMatch: 'autoplay.spec.ts',
      // A trace looks at the page after each step, and to Chromium whatever Playwright evaluates is a gesture.
      use: {
        trace: 'off',
        launchOptions: chromium({ devices: 'fake-that-ask', autoplay: false }),
        permissions: granted,
      },
    },
  ],
});

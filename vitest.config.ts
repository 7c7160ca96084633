import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: [
      'packages/*/{src,test}/**/*.test.{ts,tsx}',
      'apps/*/{src,test}/**/*.test.{ts,tsx}',
      'bench/**/*.test.ts',
      'tools/{test,netlab/test}/**/*.test.ts',
    ],
    globalSetup: ['packages/server/test/support/prepare.ts'],
    // The first start of an embedded Postgres takes some seconds on a busy machine.
    testTimeout: 30_000,
    hookTimeout: 120_000,
    // Each embedded Postgres wants some 350 MB.
    // More than there are cores: many wait for a database, a process or a deadline.
    maxWorkers: 3,
    restoreMocks: true,
  },
});

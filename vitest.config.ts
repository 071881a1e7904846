import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    exclude: ['test/emulator/**', 'test/browser/**'],
    globalSetup: ['test/support/postgres.ts'],
    // Handlers log JSON lines; a test that wants to see one sets the level itself.
    env: { LOG_LEVEL: 'silent', TZ: 'UTC' },
    testTimeout: 60_000,
    hookTimeout: 60_000,
    maxWorkers: 2,
  },
});

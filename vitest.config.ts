import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    exclude: ['test/emulator/**', 'test/browser/**'],
    globalSetup: ['test/support/postgres.ts'],
    isolate: false,
    setupFiles: ['test/support/fresh-file.ts'],
    env: {
      // Handlers log JSON lines; a test that wants to see one sets the level itself.
      LOG_LEVEL: 'silent',
      TZ: 'UTC',
      // Half of a command's processor time would go into the compilation of its modules.
      NODE_COMPILE_CACHE: fileURLToPath(new URL('.cache/compiled', import.meta.url)),
    },
    testTimeout: 60_000,
    hookTimeout: 60_000,
    maxWorkers: 2,
  },
});

import { defineConfig } from 'vitest/config';

// Two processes at most: tests start threads and processes of their own.
export default defineConfig({
  test: { include: ['test/**/*.test.ts'], pool: 'forks', maxWorkers: 2, testTimeout: 60_000, hookTimeout: 120_000 },
});
